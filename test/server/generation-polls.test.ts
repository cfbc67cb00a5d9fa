import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { connectDatabase } from "../../server/database/connect.ts";
import {
  bringPollForward,
  type ClaimedPoll,
  claimPolls,
  findOverdue,
  type PolledRunning,
  peekPolls,
  readCrowd,
  writePolls,
} from "../../server/models/generation-polls.ts";
import { setProviderLimits } from "../../server/models/provider-limits.ts";
import { defineRecords, type Records } from "../../server/models/records.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { insertRemoteWork, type RemoteWork } from "../support/remote-work.ts";

const ids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());

describe("due polls in the database", () => {
  let database: TestDatabase;
  let client: pg.Client;
  let here: Records;
  let there: Records;

  before(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const pool = { max: 2, min: 0, acquireMs: 5_000, idleMs: 1_000 };
    here = defineRecords(connectDatabase({ url: database.url, pool }));
    there = defineRecords(connectDatabase({ url: database.url, pool }));
    await setProviderLimits(here, "genapi", { requestsPerSecond: 10, createsAtOnce: 4 });
  });
  after(async () => {
    await here.sequelize.close();
    await there.sequelize.close();
    await client.end();
    await database.dispose();
  });
  beforeEach(() => client.query("DELETE FROM generation_tasks"));

  const insert = (count: number, work: Omit<RemoteWork, "remoteIds"> = {}) =>
    insertRemoteWork(client, { remoteIds: ids(count), ...work });
  const claim = (limit = 100, records = here) => claimPolls(records, "genapi", limit);
  const running = (
    { id, fence, lease }: ClaimedPoll,
    changes: Partial<PolledRunning> = {},
  ): PolledRunning => ({
    id,
    fence,
    lease,
    percent: null,
    isResultMissing: false,
    delaySeconds: 60,
    ...changes,
  });
  const row = async (id: string) => {
    const { rows } = await client.query(
      `SELECT progress, version, result_missing_since AS missing,
              extract(epoch FROM wake_at - now())::float8 AS "dueIn" FROM generation_tasks WHERE id = $1`,
      [id],
    );
    return rows[0] as { progress: number | null; version: string; missing: Date | null; dueIn: number };
  };
  const endLeases = () => client.query("UPDATE generation_tasks SET wake_at = now()");

  it("gives every due poll to one of two processes that ask at the same time", async () => {
    const all = await insert(60);
    const [mine, theirs] = await Promise.all([claim(40), claim(40, there)]);
    const claimed = [...mine, ...theirs].map(({ id }) => id);
    assert.equal(new Set(claimed).size, claimed.length);
    const rest = await claim();
    assert.deepEqual(new Set([...claimed, ...rest.map(({ id }) => id)]), new Set(all));
    assert.deepEqual(await claim(), []);
  });

  it("takes the longest due first, and only what is due", async () => {
    const [late] = await insert(1, { dueIn: -1 });
    const [later] = await insert(1, { dueIn: -100 });
    await insert(1, { dueIn: 100 });
    const peek = await peekPolls(here, "genapi", 10);
    assert.equal(peek.due, 2);
    assert.ok(peek.nextSeconds! > 90 && peek.nextSeconds! <= 100);
    assert.equal((await peekPolls(here, "genapi", 1)).due, 1);
    assert.deepEqual(
      (await claim(1)).map(({ id }) => id),
      [later],
    );
    assert.deepEqual(
      (await claim()).map(({ id }) => id),
      [late],
    );
  });

  it("loses nothing when a process dies between the claim and the answer", async () => {
    const [id] = await insert(1);
    const [dead] = await claim();
    assert.equal((await peekPolls(here, "genapi", 10)).due, 0);
    assert.ok((await row(id)).dueIn <= 15, "the lease delays it, no more");
    await endLeases();
    const [alive] = await claim(10, there);
    assert.equal(alive.id, id);
    const before = await row(id);
    await writePolls(here, [running(dead)]);
    assert.ok(
      Math.abs((await row(id)).dueIn - before.dueIn) < 5,
      "a late answer doesn't end the other lease",
    );
    await writePolls(there, [running(alive)]);
    assert.ok((await row(id)).dueIn > 50);
  });

  it("writes the answers of many polls in one statement", async () => {
    const all = await insert(20);
    const claims = await claim();
    await writePolls(
      here,
      claims.map((one, index) => running(one, { percent: index, delaySeconds: 100 + index })),
    );
    const rows = await Promise.all(all.map(row));
    const byId = new Map(claims.map(({ id }, index) => [id, index]));
    rows.forEach(({ progress, dueIn }, index) => {
      const expected = byId.get(all[index])!;
      assert.equal(progress, expected);
      assert.ok(dueIn > 95 + expected && dueIn <= 100 + expected);
    });
  });

  it("tells nobody of progress that did not change, and never lets it fall", async () => {
    const [id] = await insert(1);
    await writePolls(here, [running((await claim())[0], { percent: 40 })]);
    const before = await row(id);
    assert.equal(before.progress, 40);
    const notices: unknown[] = [];
    client.on("notification", (notice) => notices.push(notice));
    await client.query("LISTEN generation_changed");
    for (const percent of [40, 10, null]) {
      await endLeases();
      await writePolls(here, [running((await claim())[0], { percent })]);
    }
    await client.query("UNLISTEN *");
    assert.deepEqual(notices, []);
    assert.deepEqual({ ...(await row(id)), dueIn: 0 }, { ...before, dueIn: 0 });
  });

  it("leaves a generation alone that a person canceled or started again meanwhile", async () => {
    const [id] = await insert(1);
    const [claimed] = await claim();
    await client.query("UPDATE generation_tasks SET fence = fence + 1 WHERE id = $1", [id]);
    await writePolls(here, [running(claimed, { percent: 99, delaySeconds: 500 })]);
    const { progress, dueIn } = await row(id);
    assert.equal(progress, null);
    assert.ok(dueIn <= 15);
  });

  it("keeps a poll that was brought forward while another one was under way", async () => {
    const [id] = await insert(1);
    const [claimed] = await claim();
    await bringPollForward(here, id);
    await writePolls(here, [running(claimed, { percent: 50, delaySeconds: 500 })]);
    assert.equal((await row(id)).progress, 50);
    assert.equal((await peekPolls(here, "genapi", 10)).due, 1);
  });

  it("never plans a poll behind the deadline", async () => {
    const [id] = await insert(1, { deadlineIn: 30 });
    await writePolls(here, [running((await claim())[0], { delaySeconds: 500 })]);
    const { dueIn } = await row(id);
    assert.ok(dueIn > 20 && dueIn <= 30);
  });

  it("knows since when a result's address is missing", async () => {
    const [id] = await insert(1);
    const [first] = await claim();
    assert.equal(first.missingSeconds, null);
    await writePolls(here, [running(first, { isResultMissing: true, delaySeconds: 0 })]);
    const { missing } = await row(id);
    const [second] = await claim();
    assert.ok(second.missingSeconds! >= 0);
    await writePolls(here, [running(second, { isResultMissing: true, delaySeconds: 0 })]);
    assert.deepEqual((await row(id)).missing, missing);
    await writePolls(here, [running((await claim())[0])]);
    assert.equal((await row(id)).missing, null);
  });

  it("finds what is past its deadline, and how crowded the provider is", async () => {
    await insert(1, { deadlineIn: -30 });
    const [overdue] = await insert(1, { deadlineIn: -90 });
    await insert(298, { dueIn: 60 });
    assert.deepEqual(
      (await findOverdue(here, "genapi", 10)).map(({ id }) => id),
      [overdue],
    );
    assert.equal(await readCrowd(here, "genapi"), 30);
  });
});
