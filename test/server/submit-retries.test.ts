import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 as newId } from "uuid";
import type { Generation } from "../../server/contract/generation.ts";
import { countTries } from "../../server/models/attempt-state.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readGeneration, readPhoto, waitForGeneration } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { json } from "../support/fake-genapi/steps.ts";
import { lengthenWaits } from "../support/long-pauses.ts";
import { boxGlb } from "../support/make-glb.ts";
import { until } from "../support/until.ts";

describe("submits that may be sent again", () => {
  let fake: FakeGenapi;
  let database: TestDatabase;
  let one: TestApp;
  let two: TestApp;
  let sofa: Buffer;

  before(async () => {
    sofa = await readPhoto("sofa.jpg");
    fake = await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) });
    database = await createTestDatabase();
    const options = { fake, databaseUrl: database.url, env: { GENAPI_CONCURRENCY: "1" } };
    one = await startTestApp(options);
    two = await startTestApp({ ...options, uploads: one.uploads });
  });
  beforeEach(() =>
    sql("UPDATE provider_limits SET wait_until = NULL, retry_tokens = 10, refilled_at = now()"),
  );
  after(async () => {
    await two.dispose();
    await one.dispose();
    await database.dispose();
    await fake.dispose();
  });

  const sql = (text: string) => one.context.records.sequelize.query(text);
  const create = async (app: TestApp) => (await (await postPhoto(app, photoForm(sofa))).json()) as Generation;
  const creates = () => fake.requests.filter(({ path }) => path.includes("/networks/")).length;
  const busy = (retryAfter?: string) => ({
    accepts: false,
    create: json(429, { message: "Too Many Attempts." }, retryAfter ? { "retry-after": retryAfter } : {}),
  });
  const retry = (id: string) => one.request(`/api/v1/generations/${id}/retry`, { method: "POST" });

  /** Until the wait is over for all of them, and each has come to an end. */
  async function endsAfter(endWaits: () => Promise<void>, ids: string[]): Promise<string[]> {
    const ends: string[] = [];
    for (const id of ids) {
      await until("it has ended", async () => {
        // A job that gave up its turn at the last moment of the wait is put off for the length of that.
        await endWaits();
        const { status } = await readGeneration(one, id);
        if (status !== "succeeded" && status !== "needs-confirmation") return false;
        ends.push(status);
        return true;
      });
    }
    return ends;
  }

  it("make every replica wait when the provider asks for it", async () => {
    const before = creates();
    const endWaits = await lengthenWaits(one);
    fake.script(busy("12"), "immediate");
    const first = await create(one);
    const waiting = await waitForGeneration(two, first.id, ({ pause }) => pause !== null);
    assert.equal(waiting.pause?.code, "provider-busy");
    const made = [first, await create(two), await create(one), await create(two)];
    await until("each replica has one in hand", async () => {
      const [jobs] = await sql("SELECT FROM jobs.job WHERE name = 'submit-genapi' AND state = 'active'");
      return jobs.length === 2;
    });
    assert.equal(creates() - before, 1, "one of four was sent");
    const ids = made.map(({ id }) => id);
    assert.deepEqual(await endsAfter(endWaits, ids), Array(4).fill("succeeded"));
    assert.equal(creates() - before, 5);
  });

  it("count from the last time that a person sent them to the queue", async () => {
    fake.script("bad-request");
    const { id } = await create(one);
    assert.equal((await waitForGeneration(one, id)).status, "failed");
    const { Attempt, Generation: Row } = one.context.records;
    for (let number = 2; number <= 12; number++) {
      const nonce = newId().replaceAll("-", "");
      await Attempt.create({
        id: newId(),
        generationId: id,
        number,
        nonce,
        state: "unsent",
        closedAt: new Date(),
      });
    }
    await Row.update({ attempts: 12 }, { where: { id } });
    fake.script(busy(), busy(), "immediate");
    assert.equal((await retry(id)).status, 202);
    assert.equal((await waitForGeneration(one, id)).status, "succeeded");
    const row = await Row.findByPk(id, { rejectOnEmpty: true });
    assert.equal(row.attempts, 15);
    assert.equal(await countTries(one.context.records, row), 3);
  });

  it("wait for the retry budget instead of failing, while first tries go on", async () => {
    const before = creates();
    await sql("UPDATE provider_limits SET retry_tokens = 0.2, refilled_at = now() + interval '1 hour'");
    fake.script(busy(), "immediate");
    const first = await create(one);
    for (let tries = 0; tries < 2400 && creates() === before; tries++) await sleep(50);
    const second = await create(two);
    assert.equal((await waitForGeneration(one, second.id)).status, "succeeded");
    const row = await waitForGeneration(one, first.id, ({ status }) => status === "queued");
    assert.equal(row.attempts, 1);
    assert.equal(creates() - before, 2);
    await sql("UPDATE provider_limits SET refilled_at = now()");
    const done = await waitForGeneration(one, first.id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    assert.equal(creates() - before, 3);
  });

  it("end after a day in the queue, unsent, and a person may try again", async () => {
    const before = creates();
    fake.script("immediate");
    await sql("UPDATE provider_limits SET wait_until = now() + interval '1 hour'");
    const { id } = await create(one);
    await sql(`UPDATE generation_tasks SET queued_at = now() - interval '25 hours' WHERE id = '${id}'`);
    const ended = await waitForGeneration(two, id);
    assert.equal(ended.status, "failed");
    assert.equal(ended.error?.code, "queue-timeout");
    assert.equal(ended.error?.retryable, true);
    assert.equal(ended.attempts, 0);
    assert.equal(creates(), before);
    await sql("UPDATE provider_limits SET wait_until = NULL");
    assert.equal((await retry(id)).status, 202);
    assert.equal((await waitForGeneration(one, id)).status, "succeeded");
    assert.equal(creates() - before, 1);
  });

  it("stop after three create calls whose end nobody knows; the rest waits and succeeds", async () => {
    const before = creates();
    const endWaits = await lengthenWaits(one);
    fake.script({ accepts: false, create: json(500, { message: "Server Error" }) });
    const made: Generation[] = [];
    for (const app of [one, two, one, two, one, two]) made.push(await create(app));
    const ids = made.map(({ id }) => id);
    const waiting = await waitForGeneration(one, ids[5], ({ pause }) => pause?.code === "provider-away");
    assert.equal(waiting.status, "queued");
    assert.equal(creates() - before, 3);
    fake.script("immediate");
    const ends = await endsAfter(endWaits, ids);
    assert.equal(ends.filter((status) => status === "needs-confirmation").length, 3);
    assert.equal(creates() - before, 6, "one call each");
  });
});
