import assert from "node:assert/strict";
import { it } from "node:test";
import { connectDatabase } from "../../server/database/connect.ts";
import { claimLease, releaseLease } from "../../server/models/monitor-lease.ts";
import { defineRecords } from "../../server/models/records.ts";
import { createTestDatabase } from "../support/database.ts";

const HOLDERS = ["0b1d0a4e-0000-4000-8000-000000000001", "0b1d0a4e-0000-4000-8000-000000000002"];

it("the lease is free for another as soon as it is given back, within the same millisecond too", async (t) => {
  const database = await createTestDatabase();
  const pool = { max: 2, min: 0, acquireMs: 20_000, idleMs: 1000 };
  const all = HOLDERS.map(() => defineRecords(connectDatabase({ url: database.url, pool })));
  t.after(async () => {
    for (const { sequelize } of all) await sequelize.close();
    await database.dispose();
  });
  for (let turn = 0; turn < 200; turn++) {
    const records = all[turn % 2];
    const holder = HOLDERS[turn % 2];
    assert.ok(await claimLease(records, { holder, name: "test", seconds: 600 }), `turn ${turn}`);
    await releaseLease(records, holder);
  }
});
