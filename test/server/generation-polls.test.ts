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
import { until } from "../support/until.ts";

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
    const pool = { max: 2, min: 0, acquireMs: 60_000, idleMs: 1_000 };
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

  /** Due for a moment already: times are kept by the millisecond, so what is due now may be due a little later. */
  const insert = (count: number, work: Omit<RemoteWork, "remoteIds"> = {}) =>
    insertRemoteWork(client, { remoteIds: ids(count), dueIn: -1, ...work });
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
      `SELECT progress, version, result_missing_since AS missing, wake_at AS "wakeAt", deadline_at AS "deadlineAt"
         FROM generation_tasks WHERE id = $1`,
      [id],
    );
    return rows[0] as {
      progress: number | null;
      version: string;
      missing: Date | null;
      wakeAt: Date;
      deadlineAt: Date;
    };
  };
  const clock = async () => {
    const { rows } = await client.query("SELECT now() AS now");
    return (rows[0] as { now: Date }).now.getTime();
  };
  /** The span in which a time lies that is `seconds` after a moment of the work, by the database's clock. */
  const spanOf = async (seconds: number, work: () => Promise<unknown>) => {
    const before = await clock();
    await work();
    const after = await clock();
    // Both ends are rounded to a millisecond.
    const [from, to] = [before - 1 + seconds * 1000, after + 1 + seconds * 1000];
    return (time: Date) => time.getTime() >= from && time.getTime() <= to;
  };
  const endLeases = () => client.query("UPDATE generation_tasks SET wake_at = now() - interval '1 second'");

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
    const [later] = await insert(1, { dueIn: -1000 });
    await insert(1, { dueIn: 10_000 });
    const peek = await peekPolls(here, "genapi", 10);
    assert.equal(peek.due, 2);
    assert.ok(peek.nextSeconds! > 9000 && peek.nextSeconds! <= 10_000);
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
    let dead: ClaimedPoll | undefined;
    const isLease = await spanOf(15, async () => {
      [dead] = await claim();
    });
    assert.ok(isLease((await row(id)).wakeAt), "the lease delays it, no more");
    await endLeases();
    const [alive] = await claim(10, there);
    assert.equal(alive.id, id);
    const before = await row(id);
    await writePolls(here, [running(dead!)]);
    assert.deepEqual((await row(id)).wakeAt, before.wakeAt, "a late answer doesn't end the other lease");
    const isPlanned = await spanOf(60, () => writePolls(there, [running(alive)]));
    assert.ok(isPlanned((await row(id)).wakeAt));
  });

  it("writes the answers of many polls in one statement", async () => {
    const all = await insert(20);
    const claims = await claim();
    const isPlanned = await spanOf(100, () =>
      writePolls(
        here,
        claims.map((one, index) => running(one, { percent: index, delaySeconds: 100 + index })),
      ),
    );
    const rows = await Promise.all(all.map(row));
    const byId = new Map(claims.map(({ id }, index) => [id, index]));
    rows.forEach(({ progress, wakeAt }, index) => {
      const expected = byId.get(all[index])!;
      assert.equal(progress, expected);
      assert.ok(isPlanned(new Date(wakeAt.getTime() - expected * 1000)));
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
    const { wakeAt } = before;
    assert.deepEqual({ ...(await row(id)), wakeAt }, before);
  });

  it("leaves a generation alone that a person canceled or started again meanwhile", async () => {
    const [id] = await insert(1);
    const [claimed] = await claim();
    await client.query("UPDATE generation_tasks SET fence = fence + 1 WHERE id = $1", [id]);
    const before = await row(id);
    await writePolls(here, [running(claimed, { percent: 99, delaySeconds: 500 })]);
    assert.deepEqual(await row(id), before);
    assert.equal(before.progress, null);
  });

  it("keeps a poll that was brought forward while another one was under way", async () => {
    const [id] = await insert(1);
    const [claimed] = await claim();
    await bringPollForward(here, id);
    await writePolls(here, [running(claimed, { percent: 50, delaySeconds: 500 })]);
    assert.equal((await row(id)).progress, 50);
    await until("it is due", async () => (await peekPolls(here, "genapi", 10)).due === 1);
  });

  it("never plans a poll behind the deadline", async () => {
    const [id] = await insert(1, { deadlineIn: 300 });
    await writePolls(here, [running((await claim())[0], { delaySeconds: 500 })]);
    const { wakeAt, deadlineAt } = await row(id);
    assert.deepEqual(wakeAt, deadlineAt);
  });

  it("knows since when a result's address is missing", async () => {
    const [id] = await insert(1);
    const [first] = await claim();
    assert.equal(first.missingSeconds, null);
    await writePolls(here, [running(first, { isResultMissing: true, delaySeconds: 0 })]);
    const { missing } = await row(id);
    await endLeases();
    const [second] = await claim();
    assert.ok(Math.abs(second.missingSeconds!) < 600);
    await writePolls(here, [running(second, { isResultMissing: true, delaySeconds: 0 })]);
    assert.deepEqual((await row(id)).missing, missing);
    await endLeases();
    await writePolls(here, [running((await claim())[0])]);
    assert.equal((await row(id)).missing, null);
  });

  it("finds what is past its deadline, and how crowded the provider is", async () => {
    await insert(1, { deadlineIn: 0 });
    const [overdue] = await insert(1, { deadlineIn: -90 });
    await insert(298, { dueIn: 60 });
    assert.deepEqual(
      (await findOverdue(here, "genapi", 10)).map(({ id }) => id),
      [overdue],
    );
    assert.equal(await readCrowd(here, "genapi"), 30);
  });
});
