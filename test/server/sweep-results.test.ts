import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { AppError } from "../../server/errors.ts";
import { type JobDeps, USUAL_PACE } from "../../server/jobs/deps.ts";
import { IS_OLD, settleResultFailure } from "../../server/jobs/result-failure.ts";
import { sweepGenerations } from "../../server/jobs/sweep.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { insertRemoteWork } from "../support/remote-work.ts";

describe("results that nobody takes up", () => {
  let fake: Awaited<ReturnType<typeof startFakeGenapi>>;
  let app: TestApp;
  let client: pg.Client;
  before(async () => {
    fake = await startFakeGenapi();
    app = await startTestApp({ fake });
    const { database } = app.config;
    client = new pg.Client({ connectionString: database.kind === "url" ? database.url : "" });
    await client.connect();
  });
  after(async () => {
    await client.end();
    await app.dispose();
    await fake.dispose();
  });

  /** What a sweep makes of a result with this history. */
  async function sweep(facts: {
    fence: number;
    resultTries: number;
    resultRefusals?: number;
    error: string | null;
  }) {
    const [id] = await insertRemoteWork(client, { remoteIds: [crypto.randomUUID()], dueIn: 600 });
    const again: string[] = [];
    const { records, queue, directory, logger } = app.context;
    const enqueueAll: JobDeps["queue"]["enqueueAll"] = async (_name, jobs) =>
      void again.push(...jobs.map(({ generationId }) => generationId));
    // In a transaction of its own, which no other sweep sees.
    await records.sequelize.transaction(async (transaction) => {
      const inIt = {
        ...records.sequelize,
        query: (sql: string, options: object) => records.sequelize.query(sql, { ...options, transaction }),
      };
      await records.sequelize.query(
        `UPDATE generation_tasks SET status = 'finishing', fence = $2, result_tries = $3, result_refusals = $4,
           error = $5::jsonb, wake_at = now() - interval '10 seconds' WHERE id = $1`,
        {
          bind: [
            id,
            facts.fence,
            facts.resultTries,
            facts.resultRefusals ?? 0,
            facts.error && JSON.stringify({ code: facts.error }),
          ],
          transaction,
        },
      );
      const Generation = {
        update: (values: object, options: object) =>
          records.Generation.update(values, { ...options, transaction } as never),
      };
      await sweepGenerations({
        records: { ...records, sequelize: inIt, Generation },
        queue: { ...queue, enqueueAll },
        directory,
        logger,
        callbackBase: null,
        isHeld: () => false,
      } as unknown as JobDeps);
    });
    const { status } = (await records.Generation.findByPk(id))!;
    await client.query("DELETE FROM generation_tasks WHERE id = $1", [id]);
    return again.includes(id) ? "taken up" : status;
  }

  it("wait for room on the disk as long as it takes", async () => {
    assert.equal(await sweep({ fence: 400, resultTries: 399, error: "disk-full" }), "taken up");
    assert.equal(await sweep({ fence: 400, resultTries: 397, error: null }), "taken up");
  });

  it("are taken up after a retry although all tries before it were used", async () => {
    assert.equal(await sweep({ fence: 23, resultTries: 0, resultRefusals: 1, error: null }), "taken up");
  });

  it("wait by the database's clock, whatever this machine's says", async (test) => {
    const { records, queue, logger } = app.context;
    const [id] = await insertRemoteWork(client, { remoteIds: [crypto.randomUUID()], dueIn: 600 });
    await client.query(
      "UPDATE generation_tasks SET status = 'finishing', wake_at = now() + interval '10 minutes' WHERE id = $1",
      [id],
    );
    const generation = await records.Generation.findByPk(id, {
      rejectOnEmpty: true,
      attributes: { include: [[...IS_OLD]] },
    });
    const later = Date.now() + 10 * 86_400_000;
    test.mock.method(Date, "now", () => later);
    const deps = { records, queue: { ...queue, enqueue: async () => {} }, logger, pace: USUAL_PACE };
    const job = { generationId: id, requestId: null };
    await settleResultFailure(deps, job, { lease: generation, generation }, new AppError("disk-full"));
    test.mock.restoreAll();
    assert.equal((await records.Generation.findByPk(id))!.status, "finishing");
    await client.query("DELETE FROM generation_tasks WHERE id = $1", [id]);
  });

  it("are given up when they take the process down again and again", async () => {
    assert.equal(await sweep({ fence: 40, resultTries: 0, error: null }), "failed");
  });
});
