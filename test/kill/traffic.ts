import { setTimeout as sleep } from "node:timers/promises";
import { passTime } from "./clock.ts";
import type { Customers } from "./customers.ts";
import type { Observer } from "./observer.ts";
import type { PendingCalls } from "./pending-calls.ts";

/** Generations on their way at the same time, so that every point has somebody passing by. */
const IN_FLIGHT = 8;
const LOOK_MS = 150;
/** One upload of so many is canceled, at most so long after it. */
const CANCELED_EVERY = 6;
const CANCEL_MS = 8_000;

/** Uploads all the time and decides what needs a decision, until `stop`. Rejects with what goes wrong for good. */
export async function keepBusy(
  { observer, customers, pending }: { observer: Observer; customers: Customers; pending: PendingCalls },
  stop: AbortSignal,
): Promise<void> {
  const confirming = new Map<string, Promise<unknown>>();
  const cancels: Promise<void>[] = [];
  let uploads = 0;
  for (; !stop.aborted; await sleep(LOOK_MS)) {
    await passTime(observer, pending);
    const { rows } = await observer.pool.query<{ id: string; status: string }>(
      `SELECT id, status FROM generation_tasks WHERE finished_at IS NULL`,
    );
    const waiting = rows.filter(({ status }) => status === "needs-confirmation");
    // Half of the people decide at once, half leave it for later.
    for (const { id } of waiting.filter(({ id }) => Number.parseInt(id.at(-1)!, 16) % 2 === 0)) {
      if (confirming.has(id)) continue;
      confirming.set(
        id,
        customers.confirm(id).finally(() => confirming.delete(id)),
      );
    }
    if (rows.length - waiting.length < IN_FLIGHT) {
      const id = await customers.upload();
      uploads += 1;
      if (uploads % CANCELED_EVERY === 0) {
        cancels.push(sleep(Math.random() * CANCEL_MS).then(() => customers.cancel(id)));
      }
    }
  }
  await Promise.all([...confirming.values(), ...cancels]);
}
