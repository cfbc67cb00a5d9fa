import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { json, type Step, state, success } from "../support/fake-genapi/steps.ts";
import { boxGlb } from "../support/make-glb.ts";
import { createRemotely, insertRemoteWork, type RemoteWork } from "../support/remote-work.ts";

const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
const running = state({ status: "processing", progress: 30 });

describe("the poller", () => {
  let fake: FakeGenapi;
  let database: TestDatabase;
  let client: pg.Client;

  before(async () => {
    fake = await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) });
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  after(async () => {
    await client.end();
    await database.dispose();
    await fake.dispose();
  });

  const start = (uploads?: string) =>
    startTestApp({ fake, databaseUrl: database.url, env: { PUBLIC_URL: "http://127.0.0.1:9" }, uploads });

  /** Work that was sent earlier, and that answers polls like this. */
  async function inHand(polls: Step[], work: Omit<RemoteWork, "remoteIds"> = {}, count = 1) {
    fake.script({ polls });
    const remoteIds: string[] = [];
    for (let turn = 0; turn < count; turn++) remoteIds.push(await createRemotely(fake));
    return { remoteIds, ids: await insertRemoteWork(client, { remoteIds, ...work }) };
  }

  /** Seconds from the last change that shows to the next poll, as one statement wrote them; null where none follows. */
  const pollIn = async (id: string): Promise<number | null> => {
    const { rows } = await client.query(
      "SELECT extract(epoch FROM wake_at - updated_at)::float8 AS seconds FROM generation_tasks WHERE id = $1",
      [id],
    );
    return rows[0].seconds;
  };

  /** Polls of one remote id that the fake has seen. */
  const pollsOf = (remoteId: string) =>
    fake.requests.filter(({ path }) => path.endsWith(`/request/get/${remoteId}`)).length;

  const errorOf = async (app: TestApp, id: string) => {
    const { status, error } = await waitForGeneration(app, id);
    return [status, error?.code];
  };

  it("takes up everything that is in hand when it starts", async () => {
    const { ids } = await inHand([running, done], {}, 5);
    await using app = await start();
    for (const id of ids) assert.equal((await waitForGeneration(app, id)).status, "succeeded");
  });

  it("never asks for the same work from two processes at once", async () => {
    const asking = new Map<string, number>();
    let most = 0;
    const slow: Step = async (call) => {
      const path = call.request.url!;
      asking.set(path, (asking.get(path) ?? 0) + 1);
      most = Math.max(most, ...asking.values());
      await sleep(100);
      asking.set(path, asking.get(path)! - 1);
      await running(call);
    };
    await using one = await start();
    await using two = await start(one.uploads);
    const { ids, remoteIds } = await inHand([slow], {}, 20);
    const stop = "UPDATE generation_tasks SET deadline_at = now() WHERE id = ANY($1)";
    while (remoteIds.some((id) => pollsOf(id) < 5)) await sleep(50);
    await client.query(stop, [ids]);
    for (const id of ids) assert.deepEqual(await errorOf(two, id), ["failed", "generation-timeout"]);
    assert.equal(most, 1);
  });

  it("waits as long as the provider asks for, unless the provider calls", async () => {
    await using app = await start();
    let isDone = false;
    const later = json(200, { status: "processing", progress: 12 }, { "retry-after": "300" });
    fake.script({ polls: [(call) => (isDone ? done(call) : later(call))] });
    const posted = await postPhoto(app, photoForm(await readPhoto("sofa.jpg")));
    const { id } = (await posted.json()) as Generation;
    await waitForGeneration(app, id, ({ progress }) => progress === 12);
    assert.equal(await pollIn(id), 300);
    isDone = true;
    const { rows } = await client.query("SELECT nonce FROM generation_attempts WHERE generation_id = $1", [
      id,
    ]);
    const answer = await app.request(`/hooks/genapi/${rows[0].nonce}`, { method: "POST" });
    assert.equal(answer.status, 204);
    assert.equal((await waitForGeneration(app, id)).status, "succeeded");
    assert.equal(pollsOf(String(fake.creates().at(-1)!.id)), 2);
  });

  it("asks a last time after the deadline, and then ends the work", async () => {
    const late = await inHand([running], { deadlineIn: -3600 });
    const inTime = await inHand([done], { deadlineIn: -3600 });
    await using app = await start();
    assert.deepEqual(await errorOf(app, late.ids[0]), ["failed", "generation-timeout"]);
    assert.equal(pollsOf(late.remoteIds[0]), 1);
    assert.equal((await waitForGeneration(app, inTime.ids[0])).status, "succeeded");
  });

  it("asks a last time, too, where its process stood still until after the deadline", async (t) => {
    await using app = await start();
    const { sequelize } = app.context.records;
    const query = sequelize.query.bind(sequelize) as (...args: unknown[]) => Promise<unknown>;
    const hasLooked = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    t.mock.method(sequelize, "query", async (...args: unknown[]) => {
      const found = await query(...args);
      if (!String(args[0]).includes("AS due")) return found;
      hasLooked.resolve();
      await goesOn.promise;
      return found;
    });
    const clock = performance.now.bind(performance);
    let stoodMs = 0;
    t.mock.method(performance, "now", () => clock() + stoodMs);
    await hasLooked.promise;
    const { ids, remoteIds } = await inHand([done], { deadlineIn: -3600 });
    stoodMs = 3_600_000;
    goesOn.resolve();
    const { status, error } = await waitForGeneration(app, ids[0]);
    assert.equal(status, "succeeded", JSON.stringify(error));
    assert.equal(pollsOf(remoteIds[0]), 1);
  });

  it("ends overdue work of a provider that is never reachable again", async () => {
    await using app = await start();
    await client.query("UPDATE provider_limits SET open_until = now() + interval '1 hour'");
    const { ids, remoteIds } = await inHand([running], { deadlineIn: -3600 });
    await client.query("SELECT pg_notify('generation_changed', $1)", [ids[0]]);
    assert.deepEqual(await errorOf(app, ids[0]), ["failed", "generation-timeout"]);
    assert.equal(pollsOf(remoteIds[0]), 0);
    await client.query("UPDATE provider_limits SET open_until = NULL");
  });

  it("counts the wait for a result's address over a restart", async () => {
    const { ids, remoteIds } = await inHand([success(() => ({ result: [] }))]);
    await client.query(
      "UPDATE generation_tasks SET result_missing_since = now() - interval '1 hour' WHERE id = ANY($1)",
      [ids],
    );
    await using app = await start();
    assert.deepEqual(await errorOf(app, ids[0]), ["failed", "provider-failed"]);
    assert.equal(pollsOf(remoteIds[0]), 1);
  });

  it("keeps the result of canceled work, and stops asking when there will be none", async () => {
    const kept = await inHand([running, done], { status: "canceled" });
    const failed = await inHand([state({ status: "error" })], { status: "canceled" });
    const late = await inHand([running], { status: "canceled", deadlineIn: -10 });
    await using app = await start();
    await waitForGeneration(app, kept.ids[0], ({ keptResult }) => keptResult);
    for (const { ids } of [kept, failed, late]) {
      while ((await pollIn(ids[0])) !== null) await sleep(50);
    }
    assert.equal(pollsOf(failed.remoteIds[0]), 1);
    assert.equal(pollsOf(late.remoteIds[0]), 1);
  });
});
