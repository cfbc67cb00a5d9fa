import assert from "node:assert/strict";
import { until } from "../until.ts";
import type { SmallInstallation } from "./small-installation.ts";

/** Lets somebody ask for the lock on backups, and resolves once they wait for it anew and were not refused. */
export async function waitsAnew<T>(
  { client }: SmallInstallation,
  ask: () => Promise<T>,
): Promise<{ answer: Promise<T> }> {
  let isAnswered = false;
  const answer = ask().finally(() => {
    isAnswered = true;
  });
  // Whoever waits for it hears of a refusal.
  answer.catch(() => undefined);
  const waits = new Set<number>();
  await until("it waits anew", async () => {
    const { rows } = await client.query<{ at: Date }>(
      `SELECT query_start AS at FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'`,
    );
    for (const { at } of rows) waits.add(at.getTime());
    return waits.size > 1 || isAnswered;
  });
  assert.equal(isAnswered, false, "The lock was free, or its holder at work.");
  return { answer };
}
