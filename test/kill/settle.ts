import { setTimeout as sleep } from "node:timers/promises";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { passTime } from "./clock.ts";
import type { Customers } from "./customers.ts";
import type { Observer } from "./observer.ts";
import type { PendingCalls } from "./pending-calls.ts";

/** Far more than the slowest way from a lease that ended to a published model, also where the machine is busy. */
const SETTLE_MS = 240_000;
const TELL_MS = 15_000;

interface World {
  observer: Observer;
  customers: Customers;
  fake: FakeGenapi;
  pending: PendingCalls;
  say: (line: string) => void;
}

/**
 * Without any kill from now on: everything gets to an end or to a person's decision, and what was paid
 * for canceled work is kept; then every decision is made
 * and must lead to a model for exactly one create more. Answers what did not.
 */
export async function settle(world: World): Promise<string[]> {
  const { observer, customers, fake } = world;
  const violations = await untilQuiet(world);
  const { rows } = await observer.pool.query<{ id: string; sha256: string }>(
    `SELECT g.id, p.sha256 FROM generation_tasks g JOIN photos p ON p.id = g.photo_id
      WHERE g.status = 'needs-confirmation'`,
  );
  const before = fake.createsPerPhoto();
  for (const { id } of rows) {
    const status = await customers.confirm(id);
    if (status !== 202) violations.push(`The confirmed retry of ${id} was answered ${status}`);
  }
  violations.push(...(await untilQuiet(world)));
  const after = fake.createsPerPhoto();
  for (const { id, sha256 } of rows) {
    const more = (after.get(sha256) ?? 0) - (before.get(sha256) ?? 0);
    if (more !== 1) violations.push(`The confirmed retry of ${id} led to ${more} creates`);
  }
  return violations;
}

async function untilQuiet({ observer, pending, say }: World): Promise<string[]> {
  let toldAt = Date.now();
  for (const deadline = Date.now() + SETTLE_MS; ; await sleep(250)) {
    await passTime(observer, pending);
    const { rows } = await observer.pool.query<{ id: string; status: string; stage: string }>(
      `SELECT id, status, stage FROM generation_tasks
        WHERE finished_at IS NULL AND status <> 'needs-confirmation'
           OR status = 'canceled' AND remote_id IS NOT NULL AND rescued_at IS NULL`,
    );
    if (rows.length === 0) return [];
    const left = rows.map(({ id, status, stage }) => `${id}: ${status}, ${stage}`);
    if (Date.now() > deadline) return left.map((line) => `Got stuck: ${line}`);
    if (Date.now() - toldAt < TELL_MS) continue;
    toldAt = Date.now();
    for (const line of left) say(`Still waiting for ${line}`);
  }
}
