import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Sequelize } from "sequelize";
import { connectDatabase } from "../../server/database/connect.ts";
import { readProviderLimits, setProviderLimits } from "../../server/models/provider-limits.ts";
import { reportOutcomes } from "../../server/models/provider-outcomes.ts";
import { takePermits } from "../../server/models/provider-permits.ts";
import { currentWaits } from "../../server/models/provider-waits.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

describe("the circuit breaker of a provider, shared by two replicas", () => {
  let database: TestDatabase;
  let one: { sequelize: Sequelize };
  let two: { sequelize: Sequelize };

  before(async () => {
    database = await createTestDatabase();
    const pool = { max: 3, min: 0, acquireMs: 60_000, idleMs: 1000 };
    one = { sequelize: connectDatabase({ url: database.url, pool }) };
    two = { sequelize: connectDatabase({ url: database.url, pool }) };
  });
  beforeEach(async () => {
    await one.sequelize.query("DELETE FROM provider_limits");
    await setProviderLimits(one, "genapi", { requestsPerSecond: 1000, createsAtOnce: 4 });
  });
  after(async () => {
    await one.sequelize.close();
    await two.sequelize.close();
    await database.dispose();
  });

  const fails = (replica: typeof one, failures: number, begunSecondsAgo = 0) =>
    reportOutcomes(replica, "genapi", { successes: 0, failures, fault: "server-error", begunSecondsAgo });
  const succeeds = (replica: typeof one, successes: number, begunSecondsAgo = 0) =>
    reportOutcomes(replica, "genapi", { successes, failures: 0, begunSecondsAgo });
  const read = (replica: typeof one, wanted = 5) => takePermits(replica, "genapi", { kind: "read", wanted });
  const submit = (replica: typeof one) =>
    replica.sequelize.transaction((transaction) =>
      takePermits(replica, "genapi", { kind: "submit", wanted: 1 }, transaction),
    );
  const limits = async () => (await readProviderLimits(two)).get("genapi")!;
  /** As if so much time had passed. */
  const pass = (seconds: number) =>
    one.sequelize.query(
      `UPDATE provider_limits SET open_until = open_until - interval '${seconds} seconds',
         probe_until = probe_until - interval '${seconds} seconds',
         wait_until = wait_until - interval '${seconds} seconds',
         window_started_at = window_started_at - interval '${seconds} seconds'`,
    );
  /** From the statement that wrote this end to the end, in seconds; 0 where there is none. */
  const lengthOf = async (end: "open_until" | "creates_after", writtenAt: string) => {
    const [[row]] = await one.sequelize.query(
      `SELECT coalesce(extract(epoch FROM ${end} - ${writtenAt}), 0)::float8 AS seconds FROM provider_limits`,
    );
    return (row as { seconds: number }).seconds;
  };
  const secondsOpen = () => lengthOf("open_until", "window_started_at");

  it("opens for all after failures in a row, whoever met them", async () => {
    assert.equal(await fails(one, 1), "closed");
    assert.equal(await fails(two, 1), "closed");
    assert.equal(await fails(one, 1), "open");
    assert.equal((await read(two)).refusal, "breaker");
    assert.equal((await submit(two)).refusal, "breaker");
    assert.equal((await limits()).breaker, "open");
    assert.equal((await limits()).lastFault, "server-error");
  });

  it("stays closed while most requests succeed, and opens when half of many fail", async () => {
    for (let round = 0; round < 8; round++) {
      await fails(one, 1);
      assert.equal(await succeeds(two, 2), "closed");
    }
    await reportOutcomes(one, "genapi", { successes: 1, failures: 12, begunSecondsAgo: 0 });
    assert.equal((await limits()).breaker, "open");
  });

  it("forgets failures of a window that has passed", async () => {
    for (let round = 0; round < 5; round++) {
      await fails(one, 1);
      await succeeds(one, 1);
    }
    await pass(31);
    assert.equal(await fails(one, 1), "closed", "the sixth failure, but the first of its window");
  });

  it("lets one read at a time find out whether it is back, and never a submit", async () => {
    await fails(one, 3);
    await pass(6);
    assert.equal((await submit(one)).refusal, "breaker");
    const answers = await Promise.all([read(one), read(two), read(one), read(two)]);
    assert.deepEqual(answers.map(({ granted }) => granted).sort(), [0, 0, 0, 1]);
    assert.equal(answers.filter(({ isProbe }) => isProbe).length, 1);
    assert.equal((await limits()).breaker, "half-open");
    assert.equal(await succeeds(two, 1), "closed");
    assert.equal((await read(one)).granted, 5);
    assert.equal((await submit(two)).granted, 1);
  });

  it("opens for longer with every probe that fails, up to a cap", async () => {
    await fails(one, 3);
    const opened = [await secondsOpen()];
    for (let round = 0; round < 6; round++) {
      await pass(500);
      assert.equal((await read(two)).isProbe, true);
      assert.equal(await fails(two, 1), "open");
      opened.push(await secondsOpen());
    }
    assert.deepEqual(opened, [5, 10, 20, 40, 80, 120, 120]);
  });

  it("believes no request that began before the opening ended", async () => {
    await fails(one, 3);
    await pass(10);
    const opened = (await limits()).nextProbeAt;
    assert.ok(opened);
    assert.equal(await succeeds(one, 3, 30), "half-open");
    assert.equal(await fails(one, 3, 30), "half-open");
    assert.deepEqual((await limits()).nextProbeAt, opened);
  });

  it("gives a probe that nobody reported to somebody else", async () => {
    await fails(one, 3);
    await pass(6);
    assert.equal((await read(one)).isProbe, true);
    assert.equal((await read(two)).granted, 0);
    await pass(60);
    assert.equal((await read(two)).isProbe, true);
  });

  it("makes all wait when the provider asks for it, without calling that an outage", async () => {
    await reportOutcomes(one, "genapi", { successes: 0, failures: 0, begunSecondsAgo: 0, waitSeconds: 40 });
    const refused = await read(two);
    assert.equal(refused.refusal, "throttled");
    assert.ok(refused.retryAfterSeconds > 30 && refused.retryAfterSeconds <= 40);
    assert.equal((await submit(two)).refusal, "throttled");
    assert.equal((await limits()).breaker, "closed");
    await pass(41);
    assert.equal((await submit(two)).granted, 1);
  });

  it("holds back create calls alone where they alone fail, one at a time and ever longer", async () => {
    const createEnds = async (create: "well" | "badly") => {
      const failures = create === "badly" ? 1 : 0;
      await reportOutcomes(one, "genapi", { successes: 1 - failures, failures, create, begunSecondsAgo: 0 });
      await succeeds(two, 5);
    };
    const holds: number[] = [];
    for (let round = 0; round < 8; round++) {
      await createEnds("badly");
      holds.push(await lengthOf("creates_after", "last_failure_at"));
      assert.equal((await submit(two)).refusal, holds.at(-1) === 0 ? null : "creates-fail");
    }
    assert.deepEqual(holds, [0, 0, 10, 20, 40, 80, 160, 300]);
    assert.equal((await limits()).breaker, "closed");
    assert.ok((await read(one)).granted > 0);
    assert.equal((await currentWaits(one)).get("genapi")?.holds, "queued");
    await createEnds("well");
    assert.equal((await submit(one)).granted, 1);
    assert.equal((await currentWaits(one)).size, 0);
  });
});
