import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { connectDatabase } from "../../server/database/connect.ts";
import { claimLease, releaseLease } from "../../server/models/monitor-lease.ts";
import { defineRecords } from "../../server/models/records.ts";
import { createTestDatabase } from "../support/database.ts";

const HOLDERS = ["0b1d0a4e-0000-4000-8000-000000000001", "0b1d0a4e-0000-4000-8000-000000000002"];

async function twoReplicas(t: TestContext) {
  const database = await createTestDatabase();
  const pool = { max: 2, min: 0, acquireMs: 20_000, idleMs: 1000 };
  const all = HOLDERS.map(() => defineRecords(connectDatabase({ url: database.url, pool })));
  t.after(async () => {
    for (const { sequelize } of all) await sequelize.close();
    await database.dispose();
  });
  return all;
}

const claimOf = (replica: number) => ({ holder: HOLDERS[replica], name: "test", seconds: 600 });

it("the lease is free for another as soon as it is given back, within the same millisecond too", async (t) => {
  const all = await twoReplicas(t);
  for (let turn = 0; turn < 200; turn++) {
    assert.ok(await claimLease(all[turn % 2], claimOf(turn % 2)), `turn ${turn}`);
    await releaseLease(all[turn % 2], HOLDERS[turn % 2]);
  }
});

it("a lease whose end was rounded up is not taken for one of a clock that was set back", async (t) => {
  const [one, two] = await twoReplicas(t);
  assert.ok(await claimLease(one, claimOf(0)));
  const endsIn = (seconds: number) =>
    one.sequelize.query(
      "UPDATE monitor_lease SET until = clock_timestamp() + make_interval(secs => $1::float8)",
      {
        bind: [seconds],
      },
    );
  // So far ahead that it still is when the next statement reads the clock.
  await endsIn(600.9);
  assert.equal(await claimLease(two, claimOf(1)), false);
  await endsIn(3600);
  assert.ok(await claimLease(two, claimOf(1)));
});
