import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Sequelize, Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import { connectDatabase } from "../../server/database/connect.ts";
import { RETRY_BUDGET, setProviderLimits } from "../../server/models/provider-limits.ts";
import { takePermits } from "../../server/models/provider-permits.ts";
import { defineRecords } from "../../server/models/records.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const PER_SECOND = 10;

/** Queued generations of one photo, by id. */
async function makeGenerations(sequelize: Sequelize, count: number): Promise<string[]> {
  const records = defineRecords(sequelize);
  const photo = await records.Photo.create({
    id: newId(),
    key: `photos/${newId()}`,
    mediaType: "image/jpeg",
    sha256: "0".repeat(64),
    width: 10,
    height: 10,
    bytes: 10,
  });
  const made = Array.from({ length: count }, () =>
    records.Generation.create({
      id: newId(),
      userId: LOCAL_USER_ID,
      status: "queued",
      stage: "queued",
      provider: "genapi",
      network: "trellis",
      params: {},
      name: "Sofa",
      photoId: photo.id,
      reservedModelId: newId(),
    }),
  );
  return (await Promise.all(made)).map(({ id }) => id);
}

describe("permits of a provider, shared by two replicas", () => {
  let database: TestDatabase;
  let replicas: { sequelize: Sequelize }[];

  before(async () => {
    database = await createTestDatabase();
    replicas = [0, 1].map(() => ({
      sequelize: connectDatabase({
        url: database.url,
        pool: { max: 5, min: 0, acquireMs: 60_000, idleMs: 1000 },
      }),
    }));
  });
  beforeEach(async () => {
    await replicas[0].sequelize.query("DELETE FROM provider_limits");
    await setProviderLimits(replicas[0], "genapi", { requestsPerSecond: PER_SECOND, createsAtOnce: 2 });
  });
  after(async () => {
    for (const { sequelize } of replicas) await sequelize.close();
    await database.dispose();
  });

  const clock = async () => {
    const [[row]] = await replicas[0].sequelize.query(
      "SELECT extract(epoch FROM clock_timestamp())::float8 AS at",
    );
    return (row as { at: number }).at;
  };

  it("never grants more than the bucket holds, however many ask at once", async () => {
    const startedAt = await clock();
    let granted = 0;
    for (let round = 0; round < 15; round++) {
      const answers = await Promise.all(
        replicas.flatMap((replica) =>
          [3, 1, 2].map((wanted) => takePermits(replica, "genapi", { kind: "read", wanted })),
        ),
      );
      for (const answer of answers) granted += answer.granted;
    }
    const passed = (await clock()) - startedAt;
    assert.ok(granted >= PER_SECOND - 1, `granted ${granted}`);
    assert.ok(granted <= PER_SECOND * (1 + passed) + 0.01, `granted ${granted} in ${passed} s`);
  });

  it("leaves room for reads beside an endless queue of submits", async () => {
    await setProviderLimits(replicas[0], "genapi", { requestsPerSecond: 4, createsAtOnce: 2 });
    const granted = { submit: 0, read: 0 };
    const until = (await clock()) + 3;
    // On a slow machine the bucket is full again at each round.
    for (let round = 0; round < 10 || (await clock()) < until; round++) {
      const submit = await replicas[0].sequelize.transaction((transaction) =>
        takePermits(replicas[0], "genapi", { kind: "submit", wanted: 1 }, transaction),
      );
      const read = await takePermits(replicas[1], "genapi", { kind: "read", wanted: 1 });
      granted.submit += submit.granted;
      granted.read += read.granted;
    }
    assert.ok(granted.submit >= 3 && granted.read >= 3, JSON.stringify(granted));
  });

  it("comes back from a clock that was set back, at the next start", async () => {
    await replicas[0].sequelize.query(
      `UPDATE provider_limits SET tokens = 0, refilled_at = now() + interval '1 day', wait_until = now() + interval '1 day'`,
    );
    await setProviderLimits(replicas[0], "genapi", { requestsPerSecond: PER_SECOND, createsAtOnce: 2 });
    const { refusal, retryAfterSeconds } = await takePermits(replicas[0], "genapi", {
      kind: "read",
      wanted: 1,
    });
    assert.equal(refusal, "throttled");
    assert.ok(retryAfterSeconds <= 600);
  });

  it("says how long to wait, and keeps one token for a submit", async () => {
    await takePermits(replicas[0], "genapi", { kind: "read", wanted: 100 });
    // A busy machine needs longer between two statements than the bucket for its next token.
    await replicas[0].sequelize.query("UPDATE provider_limits SET refilled_at = now() + interval '1 hour'");
    const refused = await takePermits(replicas[1], "genapi", { kind: "read", wanted: 1 });
    assert.equal(refused.granted, 0);
    assert.equal(refused.refusal, "rate");
    assert.ok(refused.retryAfterSeconds > 0 && refused.retryAfterSeconds <= 1 / PER_SECOND);
    const submit = await replicas[1].sequelize.transaction((transaction) =>
      takePermits(replicas[1], "genapi", { kind: "submit", wanted: 1 }, transaction),
    );
    assert.equal(submit.granted, 1);
  });

  it("lets retries be a tenth of the requests, and a few more", async () => {
    await setProviderLimits(replicas[0], "genapi", { requestsPerSecond: 100_000, createsAtOnce: 2 });
    await replicas[0].sequelize.query(
      "UPDATE provider_limits SET tokens = 100000, refilled_at = now() + interval '1 hour'",
    );
    const take = async (replica: number, wanted: number, isRetry: boolean) =>
      (await takePermits(replicas[replica], "genapi", { kind: "read", wanted, isRetry })).granted;
    assert.equal(await take(0, 1000, true), RETRY_BUDGET.atMost);
    assert.equal(await take(1, 1, true), 0);
    assert.equal(
      (await takePermits(replicas[1], "genapi", { kind: "read", wanted: 1, isRetry: true })).refusal,
      "retry-budget",
    );
    assert.equal(await take(1, 50, false), 50, "first tries are not held back");
    assert.equal(await take(0, 1000, true), 5, "a tenth of them may be retried");
  });

  it("bounds the create calls at once, and frees the place of a process that died", async () => {
    const { sequelize } = replicas[0];
    const submit = (replica: { sequelize: Sequelize }, generationId: string | null) =>
      replica.sequelize.transaction(async (transaction) => {
        const permits = await takePermits(replica, "genapi", { kind: "submit", wanted: 1 }, transaction);
        if (permits.granted && generationId) {
          await replica.sequelize.query(
            `UPDATE generation_tasks SET status = 'submitting', wake_at = now() + interval '1 hour' WHERE id = $1`,
            { bind: [generationId], transaction },
          );
          await replica.sequelize.query(
            `INSERT INTO generation_attempts (id, generation_id, number, nonce)
             VALUES (gen_random_uuid(), $1, 1, replace(gen_random_uuid()::text, '-', ''))`,
            { bind: [generationId], transaction },
          );
        }
        return permits;
      });
    const ids = await makeGenerations(sequelize, 6);
    const answers = await Promise.all(ids.map((id, index) => submit(replicas[index % 2], id)));
    assert.equal(answers.filter(({ granted }) => granted === 1).length, 2);
    assert.ok(answers.every(({ granted, refusal }) => granted === 1 || refusal === "concurrency"));
    await sequelize.query(
      `UPDATE generation_tasks SET wake_at = now() - interval '1 second'
        WHERE id = (SELECT id FROM generation_tasks WHERE status = 'submitting' LIMIT 1)`,
    );
    assert.equal((await submit(replicas[1], null)).granted, 1);
    await sequelize.query("UPDATE generation_attempts SET state = 'accepted', closed_at = now()");
    assert.equal((await submit(replicas[0], null)).granted, 1);
  });

  it("takes the row from a replica that is frozen with it, whose claim is void then", async () => {
    const submit = (transaction: Transaction, replica = 0) =>
      takePermits(replicas[replica], "genapi", { kind: "submit", wanted: 1 }, transaction);
    const frozen = await replicas[0].sequelize.transaction();
    assert.equal((await submit(frozen)).granted, 1);
    const answer = await replicas[1].sequelize.transaction((transaction) => submit(transaction, 1));
    assert.equal(answer.granted, 1);
    await assert.rejects(frozen.commit());
  });
});
