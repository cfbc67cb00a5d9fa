import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, waitForGeneration } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type DatabaseGate, startDatabaseGate } from "../support/database-gate.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { distinctPhoto } from "../support/visitors.ts";

describe("an upload whose connection to the database is cut at the commit", () => {
  let database: TestDatabase;
  let gate: DatabaseGate;
  let fake: FakeGenapi;
  let app: TestApp;
  before(async () => {
    database = await createTestDatabase();
    gate = await startDatabaseGate(database.url);
    fake = await startFakeGenapi();
    fake.script("immediate");
    app = await startTestApp({ fake, databaseUrl: gate.url });
  });
  after(async () => {
    await app?.dispose();
    await gate?.dispose();
    await fake?.dispose();
    await database?.dispose();
  });

  afterEach(() => gate.open());

  const post = async (photo: Buffer, key: string) => {
    const response = await postPhoto(app, photoForm(photo), { "Idempotency-Key": key });
    return { response, body: (await response.json()) as Generation & Pick<Problem, "code"> };
  };
  const postUntilAccepted = async (photo: Buffer, key: string) => {
    for (let tries = 0; tries < 600; tries++) {
      const { response, body } = await post(photo, key);
      if (response.status === 202) return body;
      assert.equal(body.code, "database-unavailable");
      await sleep(100);
    }
    throw new Error("The upload was never accepted");
  };

  it("is accepted where the commit was confirmed, although nothing can be read any more", async () => {
    const photo = await distinctPhoto(1);
    gate.aim('INSERT INTO "generation_tasks"', "away-after");
    const { response, body } = await post(photo, "confirmed");
    assert.equal(response.status, 202, JSON.stringify(body));
    assert.equal(body.status, "queued");
    assert.equal(response.headers.get("location"), `/api/v1/generations/${body.id}`);
    await gate.hit();
    gate.open();
    assert.equal((await postUntilAccepted(photo, "confirmed")).id, body.id);
    assert.equal((await waitForGeneration(app, body.id)).status, "succeeded");
    assert.equal(fake.creates().length, 1);
  });

  it("may be repeated where nobody knows: it is the same generation, paid once", async () => {
    const photo = await distinctPhoto(2);
    gate.aim('INSERT INTO "generation_tasks"', "answer-lost");
    const { response, body } = await post(photo, "unknown");
    await gate.hit();
    assert.equal(response.status, 503);
    assert.equal(body.code, "database-unavailable");
    assert.ok(response.headers.get("retry-after"));
    gate.open();
    const again = await postUntilAccepted(photo, "unknown");
    assert.equal((await waitForGeneration(app, again.id)).status, "succeeded");
    assert.equal((await postUntilAccepted(photo, "unknown")).id, again.id);
    assert.equal(await app.context.records.Generation.count(), 2);
    assert.equal(fake.creates().length, 2);
  });
});
