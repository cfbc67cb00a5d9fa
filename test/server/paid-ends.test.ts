import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { keepRemoteId } from "../../server/jobs/keep-remote-id.ts";
import { cancel } from "../../server/models/generation-decisions.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { state, success } from "../support/fake-genapi/steps.ts";
import { createRemotely, insertRemoteWork } from "../support/remote-work.ts";
import { distinctPhoto } from "../support/visitors.ts";

describe("paid work that something is wrong with", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let client: pg.Client;

  before(async () => {
    fake = await startFakeGenapi();
    app = await startTestApp({ fake, env: { GENAPI_DAILY_GENERATIONS: "1000" } });
    client = new pg.Client({
      connectionString: app.config.database.kind === "url" ? app.config.database.url : "",
    });
    await client.connect();
  });
  after(async () => {
    await client.end();
    await app.dispose();
    await fake.dispose();
  });

  it("ends after its deadline when no answer to it can be saved, while other work goes on", async () => {
    fake.script({ polls: [success(({ resultUrl }) => ({ result: [resultUrl] }))] });
    const cursed = await createRemotely(fake);
    fake.script({ polls: [state({ status: "processing" })] });
    const healthy = await createRemotely(fake);
    const { Generation } = app.context.records;
    Generation.addHook("beforeBulkUpdate", "cursed", (options) => {
      const { attributes } = options as { attributes?: { status?: string } };
      if (attributes?.status === "finishing") throw new Error("The database can't take it.");
    });
    try {
      await insertRemoteWork(client, { remoteIds: [healthy] });
      const [id] = await insertRemoteWork(client, { remoteIds: [cursed], deadlineIn: -1 });
      const { status, error } = await waitForGeneration(app, id);
      assert.deepEqual([status, error?.code], ["failed", "generation-timeout"]);
    } finally {
      Generation.removeHook("beforeBulkUpdate", "cursed");
    }
  });

  it("is not asked for any more when it is canceled and its result is kept already", async () => {
    const { records } = app.context;
    const [id] = await insertRemoteWork(client, { remoteIds: ["kept"], dueIn: 600 });
    await client.query(
      "UPDATE generation_tasks SET status = 'finishing', rescued_at = now(), deadline_at = NULL WHERE id = $1",
      [id],
    );
    await records.sequelize.transaction((transaction) => cancel(records, id, transaction));
    const { status, wakeAt } = (await records.Generation.findByPk(id))!;
    assert.deepEqual([status, wakeAt], ["canceled", null]);
  });

  it("that a person sent again goes by the new answer, not by the late one to the first", async () => {
    const { records } = app.context;
    const [id] = await insertRemoteWork(client, { remoteIds: ["sent-again"], dueIn: 600 });
    await client.query(
      "UPDATE generation_tasks SET status = 'submitting', attempts = 2, remote_id = NULL WHERE id = $1",
      [id],
    );
    await records.sequelize.transaction((transaction) =>
      keepRemoteId(records, id, { remoteId: "late", keySource: "service" }, transaction),
    );
    assert.equal((await records.Generation.findByPk(id))!.remoteId, null);
    await client.query("DELETE FROM generation_tasks WHERE id = $1", [id]);
  });

  it("takes the same photo many times at once, whether it asks about doubles or not", async () => {
    fake.script({ polls: [state({ status: "processing" })] });
    for (let round = 0; round < 4; round++) {
      const photo = await distinctPhoto(round);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, number) =>
          postPhoto(app, photoForm(photo, { onDuplicate: number % 2 ? "ask" : "create" })),
        ),
      );
      const strange = answers.filter(({ status }) => ![202, 409].includes(status));
      assert.deepEqual(await Promise.all(strange.map((answer) => answer.text())), []);
    }
  });
});
