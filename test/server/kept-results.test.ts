import assert from "node:assert/strict";
import { it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { removeKeptResults } from "../../server/services/kept-results.ts";
import { originalKey } from "../../server/services/publish-model.ts";
import { startTestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import { createDatabaseAtRest } from "../support/database-at-rest.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { state, success } from "../support/fake-genapi/steps.ts";

it("A kept result is pointed out when its photo is sent again; what nobody took is removed after thirty days, and can still be fetched", async () => {
  await using fake = await startFakeGenapi();
  const database = await createDatabaseAtRest();
  const app = await startTestApp({ fake, databaseUrl: database.url });
  try {
    let isDone = false;
    const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
    fake.script({ polls: [(call) => (isDone ? done : state({ status: "processing" }))(call)] });
    const posted = await postPhoto(app, photoForm(await readPhoto("mug.jpg")));
    const { id } = (await posted.json()) as Generation;
    await waitForGeneration(app, id, ({ status }) => status === "processing");
    await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
    isDone = true;
    const kept = await waitForGeneration(app, id, ({ keptResult }) => keptResult);
    const days = (Date.parse(kept.keptUntil!) - Date.now()) / 86_400_000;
    assert.ok(days > 29.9 && days < 30.1, `${days} days`);

    const again = photoForm(await readPhoto("mug.jpg"), { onDuplicate: "ask" });
    const asked = (await (await postPhoto(app, again)).json()) as Problem;
    assert.equal(asked.code, "duplicate-generation");
    assert.deepEqual(asked.errors, [{ path: "generationId", message: id }]);

    const { records, storage } = app.context;
    assert.equal(await removeKeptResults(app.context), 0);
    await records.sequelize.query("UPDATE generation_tasks SET rescued_at = now() - interval '31 days'");
    assert.equal(await removeKeptResults(app.context), 1);
    const { reservedModelId } = (await records.Generation.findByPk(id))!;
    assert.equal(await storage.stat(originalKey(reservedModelId)), null);
    const retried = await app.request(`/api/v1/generations/${id}/retry`, { method: "POST" });
    assert.equal(retried.status, 202);
    assert.equal((await waitForGeneration(app, id)).status, "succeeded");
    assert.equal(fake.creates().length, 1);
  } finally {
    await app.dispose();
    await database.dispose();
  }
});
