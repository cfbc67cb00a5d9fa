import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { startDatabaseGate } from "../support/database-gate.ts";

const HOUR_MS = 3_600_000;
/** Far below the hour that a wrong clock would take. */
const LIMIT_MS = 300_000;

it("says soon that the database is away, although the clock was just set back by an hour", async (t) => {
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const gate = stack.adopt(await startDatabaseGate(database.url), (part) => part.dispose());
  const app = stack.adopt(await startTestApp({ databaseUrl: gate.url }), (part) => part.dispose());
  const ready = async () => {
    const { status } = await app.request("/health/ready");
    return status;
  };
  assert.equal(await ready(), 200);
  const right = Date.now;
  t.mock.method(Date, "now", () => right() - HOUR_MS);
  gate.shut();
  const becomes = async (status: number) => {
    for (const deadline = performance.now() + LIMIT_MS; (await ready()) !== status; await sleep(100))
      assert.ok(performance.now() < deadline, `/health/ready never was ${status}`);
  };
  await becomes(503);
  gate.open();
  await becomes(200);
});
