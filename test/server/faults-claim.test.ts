import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type DatabaseGate, startDatabaseGate } from "../support/database-gate.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { json } from "../support/fake-genapi/steps.ts";
import { distinctPhoto } from "../support/visitors.ts";

const CLAIM = 'INSERT INTO "generation_attempts"';

describe("paid work whose connection to the database is cut before anything was sent, or where nothing was taken", () => {
  let database: TestDatabase;
  let gate: DatabaseGate;
  let observer: pg.Client;
  let fake: FakeGenapi;
  let app: TestApp;
  let photos = 0;
  before(async () => {
    database = await createTestDatabase();
    observer = new pg.Client({ connectionString: database.url });
    await observer.connect();
    gate = await startDatabaseGate(database.url);
    fake = await startFakeGenapi();
    app = await startTestApp({ fake, databaseUrl: gate.url });
  });
  beforeEach(() => fake.script("immediate"));
  afterEach(() => gate.open());
  after(async () => {
    await app?.dispose();
    await gate?.dispose();
    await observer?.end();
    await fake?.dispose();
    await database?.dispose();
  });

  /** Accepts the upload before anything is claimed: what cuts the work off must not cut off its answer. */
  const create = async (aim = () => {}) => {
    await observer.query(
      `INSERT INTO provider_pauses (provider, code, until)
         VALUES ('genapi', 'provider-unauthorized', now() + interval '1 hour')`,
    );
    const response = await postPhoto(app, photoForm(await distinctPhoto(photos++)));
    assert.equal(response.status, 202);
    const { id } = (await response.json()) as Generation;
    aim();
    // Its own answer may be cut off.
    await app.request("/api/v1/providers/genapi/resume", { method: "POST" });
    return id;
  };
  /** Its end, or the question to a person that it must not come to. */
  const endOf = async (id: string, ends = ["succeeded", "failed", "needs-confirmation"]) => {
    for (let tries = 0; tries < 1800; tries++) {
      const { rows } = await observer.query("SELECT status, error FROM generation_tasks WHERE id = $1", [id]);
      if (ends.includes(rows[0].status)) return rows[0];
      await sleep(100);
    }
    throw new Error("The generation did not end");
  };

  for (const fate of ["answer-lost", "away-after"] as const) {
    it(`goes on by itself, paid once, where the claim was cut: ${fate}`, async () => {
      const before = fake.creates().length;
      const id = await create(() => gate.aim(CLAIM, fate));
      await gate.hit();
      await sleep(500);
      gate.open();
      assert.equal((await endOf(id)).status, "succeeded");
      assert.equal(fake.creates().length, before + 1);
    });
  }

  /** Refuses while the database is away; `meanwhile` happens before it is back. */
  const refuseAway = (meanwhile: () => Promise<unknown>): Behaviour => ({
    accepts: false,
    create: async (call) => {
      gate.shut();
      await json(403, { message: "This action is unauthorized." })(call);
      await meanwhile();
      setTimeout(gate.open, 1000);
    },
  });

  it("fails with the provider's refusal although the database was away when that came", async () => {
    const before = fake.creates().length;
    fake.script(refuseAway(async () => undefined));
    const { status, error } = await endOf(await create());
    assert.deepEqual([status, error.code], ["failed", "provider-forbidden"]);
    assert.equal(fake.creates().length, before);
  });

  it("takes a question to a person back that another server asked meanwhile", async () => {
    fake.script(
      refuseAway(async () => {
        await observer.query(
          "UPDATE generation_attempts SET state = 'unknown', closed_at = now() WHERE state = 'open'",
        );
        await observer.query(
          `UPDATE generation_tasks SET status = 'needs-confirmation', stage = NULL, wake_at = NULL,
             error = '{"code": "submit-unknown"}' WHERE status = 'submitting'`,
        );
      }),
    );
    const { status, error } = await endOf(await create(), ["failed", "succeeded"]);
    assert.deepEqual([status, error.code], ["failed", "provider-forbidden"]);
  });
});
