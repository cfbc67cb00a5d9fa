import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import type { Generation } from "../../server/contract/generation.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { started } from "../support/fake-genapi/steps.ts";
import { freePort } from "../support/server-process.ts";
import { until } from "../support/until.ts";

/** Lets nobody into a database, not even those who are in, until the returned function is called. */
async function closeDatabase(url: string): Promise<() => Promise<void>> {
  const name = new URL(url).pathname.slice(1);
  const admin = new pg.Client({ connectionString: url.replace(/\/[^/]*$/, "/postgres") });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]);
  return async () => {
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
  };
}

describe("paid work", () => {
  let fake: FakeGenapi;
  let database: TestDatabase;
  let app: TestApp;
  let sofa: Buffer;

  before(async () => {
    fake = await startFakeGenapi();
    database = await createTestDatabase();
    const port = await freePort();
    app = await startTestApp({
      fake,
      port,
      databaseUrl: database.url,
      env: { PUBLIC_URL: `http://127.0.0.1:${port}` },
    });
    sofa = await readPhoto("sofa.jpg");
  });
  after(async () => {
    await app.dispose();
    await database.dispose();
    await fake.dispose();
  });

  const create = async () => (await (await postPhoto(app, photoForm(sofa))).json()) as Generation;
  const attemptsOf = (generationId: string) =>
    app.context.records.Attempt.findAll({ where: { generationId }, order: [["number", "ASC"]] });

  for (const behaviour of [
    "callback",
    "callback-twice",
    "callback-before-answer",
    "callback-forged",
    "callback-conflicting",
  ] as const) {
    it(`publishes one model for one charge whatever is called: ${behaviour}`, async () => {
      const before = fake.creates().length;
      fake.script(behaviour);
      const { id } = await create();
      const done = await waitForGeneration(app, id);
      assert.equal(done.status, "succeeded", JSON.stringify(done.error));
      assert.equal(fake.creates().length, before + 1);
      assert.equal((await attemptsOf(id)).length, 1);
    });
  }

  it("finds a request whose answer was lost by the provider's call", async () => {
    const before = fake.creates().length;
    fake.script("callback-after-reset");
    const { id } = await create();
    const done = await waitForGeneration(app, id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    assert.equal(fake.creates().length, before + 1);
    const [attempt] = await attemptsOf(id);
    assert.equal(attempt.state, "accepted");
  });

  it("doesn't take a request that belongs to another generation", async () => {
    fake.script("immediate");
    const other = await waitForGeneration(app, (await create()).id);
    const { remoteId } = (await app.context.records.Generation.findByPk(other.id))!;
    fake.script({
      create: async (call) => {
        call.request.socket.resetAndDestroy();
        await call.callBack({ request_id: Number(remoteId), status: "success" });
      },
    });
    const { id } = await create();
    await waitForGeneration(app, id, ({ status }) => status === "submitting");
    for (let tries = 0; tries < 1200; tries++) {
      if (
        app.lines.some(
          ({ message, generationId }) => generationId === id && /belongs to another/.test(String(message)),
        )
      )
        break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const row = (await app.context.records.Generation.findByPk(id))!;
    assert.equal(row.remoteId, null);
    assert.equal(row.status, "submitting");
    assert.equal((await attemptsOf(id))[0].state, "unknown");
    await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
  });

  it("keeps the paid result of canceled work, and makes the model of it without paying again", async () => {
    const before = fake.creates().length;
    let isCanceled = false;
    fake.script({
      polls: [
        ({ response, resultUrl }) =>
          void response.end(
            JSON.stringify(
              isCanceled ? { status: "success", cost: 17, result: [resultUrl] } : { status: "processing" },
            ),
          ),
      ],
    });
    const { id } = await create();
    await waitForGeneration(app, id, ({ status }) => status === "processing");
    await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
    isCanceled = true;
    const kept = await waitForGeneration(app, id, ({ keptResult }) => keptResult);
    assert.equal(kept.status, "canceled");
    assert.equal(kept.cost, 17);
    const retried = await app.request(`/api/v1/generations/${id}/retry`, { method: "POST" });
    assert.equal(retried.status, 202);
    assert.equal((await waitForGeneration(app, id)).status, "succeeded");
    assert.equal(fake.creates().length, before + 1);
  });

  for (const behaviour of ["file-403-then-ok", "file-404-then-ok"] as const) {
    it(`asks for a fresh address where the old one expired: ${behaviour}`, async () => {
      fake.script(behaviour);
      const done = await waitForGeneration(app, (await create()).id);
      assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    });
  }

  for (const [behaviour, code] of [
    ["balance-too-low", "provider-balance"],
    ["unauthorized", "provider-unauthorized"],
  ] as const) {
    it(`waits with everything instead of failing it: ${behaviour}`, async () => {
      const before = fake.creates().length;
      fake.script(behaviour);
      const ids = [(await create()).id, (await create()).id, (await create()).id];
      const paused = await waitForGeneration(app, ids[0], ({ pause }) => pause !== null);
      assert.equal(paused.status, "queued");
      assert.equal(paused.pause?.code, code);
      assert.ok(paused.pause?.suggestion);
      fake.script("immediate");
      for (const id of ids) assert.equal((await waitForGeneration(app, id)).status, "succeeded");
      assert.equal(fake.creates().length, before + 3);
    });
  }

  it("asks before the same photo with the same settings is paid for twice within an hour", async () => {
    fake.script("immediate");
    const photo = await readPhoto("chair.jpg");
    const post = async (fields: Record<string, string>) => {
      const response = await postPhoto(app, photoForm(photo, { onDuplicate: "ask", ...fields }));
      return {
        status: response.status,
        body: (await response.json()) as Generation & Pick<Problem, "code" | "errors">,
      };
    };
    const first = await post({});
    assert.equal(first.status, 202);
    const second = await post({});
    assert.equal(second.status, 409);
    assert.equal(second.body.code, "duplicate-generation");
    assert.equal(second.body.errors?.[0].message, first.body.id);
    const high = await post({ preset: "high" });
    assert.equal(high.status, 202, "other settings are another model");
    const twin = await post({ onDuplicate: "create" });
    assert.equal(twin.status, 202, "a person may want two");
    for (const { body } of [first, high, twin]) await waitForGeneration(app, body.id);
  });

  it("answers 404 to a call with a nonce of nobody", async () => {
    const post = (nonce: string) => app.request(`/hooks/genapi/${nonce}`, { method: "POST" });
    assert.equal((await post("0".repeat(32))).status, 404);
    assert.equal((await post("nope")).status, 400);
  });

  it("keeps the answer while the database is away, and pays once", async () => {
    const before = fake.creates().length;
    let reopen = async () => {};
    fake.script({
      create: async (call) => {
        reopen = await closeDatabase(database.url);
        await started()(call);
      },
      polls: [
        ({ response, resultUrl }) =>
          void response.end(JSON.stringify({ status: "success", result: [resultUrl] })),
      ],
    });
    // The request itself may meet the closed database; the key makes it safe to repeat.
    const post = () => postPhoto(app, photoForm(sofa), { "Idempotency-Key": "database-away" });
    await post();
    const journal = path.join(app.config.dataFolder, "answers");
    for (let tries = 0; tries < 1200; tries++) {
      if ((await readdir(journal).catch(() => [])).length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal((await readdir(journal)).length, 1);
    await reopen();
    let again = await post();
    for (let tries = 0; tries < 1200 && again.status !== 202; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      again = await post();
    }
    const done = await waitForGeneration(app, ((await again.json()) as Generation).id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    assert.equal(fake.creates().length, before + 1);
    await until("the journal is empty", async () => (await readdir(journal)).length === 0);
  });
});
