import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { json, reset, type Step, success } from "../support/fake-genapi/steps.ts";
import { distinctPhoto } from "../support/visitors.ts";

/** Requests that the provider gets at most. */
const PER_SECOND = 4;

const JSON_TYPE = { "Content-Type": "application/json" };
const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
/** So that nothing but a call brings a poll. */
const patient = json(200, { status: "processing", progress: 12 }, { "retry-after": "300" });

describe("calls that anybody may send", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let photos = 0;
  before(async () => {
    fake = await startFakeGenapi();
    app = await startTestApp({
      fake,
      env: { PUBLIC_URL: "http://127.0.0.1:9", GENAPI_REQUESTS_PER_SECOND: String(PER_SECOND) },
    });
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  const create = async () => {
    const response = await postPhoto(app, photoForm(await distinctPhoto(photos++)));
    return ((await response.json()) as Generation).id;
  };
  const attemptOf = (generationId: string) =>
    app.context.records.Attempt.findOne({ where: { generationId }, rejectOnEmpty: true });
  const rowOf = (id: string) => app.context.records.Generation.findByPk(id, { rejectOnEmpty: true });
  const asked = () => fake.requests.length;
  const call = async (nonce: string, body: unknown, headers: Record<string, string> = JSON_TYPE) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await app.request(`/hooks/genapi/${nonce}`, { method: "POST", headers, body: text });
    await response.arrayBuffer();
    return response.status;
  };
  /** Until every call that was taken has been looked into. */
  const quiet = async () => {
    for (let calm = 0, last = -1; calm < 10; await sleep(100)) {
      calm = asked() === last ? calm + 1 : 0;
      last = asked();
    }
  };

  /** A generation that GenAPI works on until `finish`. */
  async function createRunning() {
    let isDone = false;
    const poll: Step = (one) => (isDone ? done(one) : patient(one));
    fake.script({ polls: [poll] });
    const id = await create();
    await waitForGeneration(app, id, ({ progress }) => progress === 12);
    const finish = () => {
      isDone = true;
    };
    return { id, nonce: (await attemptOf(id)).nonce, finish };
  }

  it("change nothing by what they say, in whatever form they say it", async () => {
    fake.script("immediate");
    const other = await create();
    await waitForGeneration(app, other);
    const { id, nonce, finish } = await createRunning();
    const mine = fake.creates().at(-1)!.id;
    const lie = { status: "success", cost: 99_999, result: ["http://10.0.0.1/forged.glb"] };
    const wordings: [unknown, Record<string, string>, number][] = [
      [{ ...lie, request_id: mine }, JSON_TYPE, 204],
      [{ ...lie, request_id: Number((await rowOf(other)).remoteId) }, JSON_TYPE, 204],
      [{ request_id: mine, status: "error", result: ["Ошибка"] }, JSON_TYPE, 204],
      [{ request_id: { $ne: 1 }, status: ["success"] }, JSON_TYPE, 204],
      [{ request_id: "'; DROP TABLE users; --" }, JSON_TYPE, 204],
      [[1, 2, 3], JSON_TYPE, 204],
      ["null", JSON_TYPE, 204],
      ["", {}, 204],
      [`request_id=${mine}&status=error`, { "Content-Type": "application/x-www-form-urlencoded" }, 204],
      [JSON.stringify({ request_id: mine + 1 }), { "Content-Type": "text/plain" }, 204],
      ['{"request_id": ', JSON_TYPE, 400],
      [{ request_id: mine, junk: "x".repeat(200_000) }, JSON_TYPE, 413],
    ];
    for (const [body, headers, status] of wordings) {
      assert.equal(await call(nonce, body, headers), status, JSON.stringify(body).slice(0, 80));
    }
    await quiet();
    const row = await rowOf(id);
    assert.deepEqual(
      [row.status, row.remoteId, row.resultUrl, row.cost, row.error],
      ["processing", String(mine), null, null, null],
    );
    finish();
    await call(nonce, {});
    const ended = await waitForGeneration(app, id);
    assert.deepEqual([ended.status, ended.cost, ended.attempts], ["succeeded", 17, 1]);
  });

  it("cost the provider no request where the address was guessed", async () => {
    const { id, finish } = await createRunning();
    await quiet();
    const before = asked();
    const guesses = Array.from({ length: 100 }, () => randomBytes(16).toString("hex"));
    const answers = await Promise.all(guesses.map((nonce) => call(nonce, { request_id: 1 })));
    assert.deepEqual([...new Set(answers)], [404]);
    await quiet();
    assert.equal(asked(), before);
    finish();
    await call((await attemptOf(id)).nonce, {});
    assert.equal((await waitForGeneration(app, id)).status, "succeeded");
  });

  it("cost no more than the rate that the provider grants when they come in hundreds", async () => {
    const { id, nonce, finish } = await createRunning();
    await quiet();
    const before = asked();
    const startedAt = performance.now();
    const calls = Array.from({ length: 200 }, (_, number) => call(nonce, { request_id: number }));
    assert.deepEqual([...new Set(await Promise.all(calls))], [204]);
    await quiet();
    const seconds = (performance.now() - startedAt) / 1000;
    const most = PER_SECOND * (seconds + 2);
    assert.ok(asked() - before <= most, `${asked() - before} requests to the provider in ${seconds} s`);
    assert.ok(asked() - before < 200, "several calls are looked into together");
    finish();
    await call(nonce, {});
    assert.equal((await waitForGeneration(app, id)).status, "succeeded");
  });

  it("can't give lost work another's result, and the true call still brings its own", async () => {
    fake.script("immediate");
    const other = await create();
    const taken = (await waitForGeneration(app, other)) && (await rowOf(other)).remoteId;
    fake.script({ create: reset, polls: [done] });
    const before = fake.creates().length;
    const id = await create();
    await waitForGeneration(app, id, ({ attempts }) => attempts === 1);
    while ((await attemptOf(id)).state !== "unknown") await sleep(50);
    const { nonce } = await attemptOf(id);
    const mine = fake.creates().at(-1)!.id;
    const askedBefore = asked();
    assert.equal(await call(nonce, { request_id: Number(taken) }), 204);
    await quiet();
    assert.equal(await call(nonce, { request_id: 99_999_999 }), 204);
    await quiet();
    const row = await rowOf(id);
    assert.deepEqual(
      [row.status, row.remoteId, (await attemptOf(id)).state],
      ["submitting", null, "unknown"],
    );
    assert.ok(asked() - askedBefore <= 10, `${asked() - askedBefore} requests for two forged calls`);
    assert.equal(await call(nonce, { request_id: mine }), 204);
    const ended = await waitForGeneration(app, id);
    assert.deepEqual([ended.status, ended.attempts], ["succeeded", 1]);
    assert.equal((await rowOf(id)).remoteId, String(mine));
    assert.equal(fake.creates().length, before + 1);
  });
});
