import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import { closeAttempt } from "../../server/models/attempt-state.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";

let fake: FakeGenapi;
let app: TestApp;
before(async () => {
  fake = await startFakeGenapi();
  app = await startTestApp({ fake });
});
after(async () => {
  await app.dispose();
  await fake.dispose();
});

it("never pays twice where the answer to a canceled create call comes in during the retry", async () => {
  fake.script("immediate");
  const posted = await postPhoto(app, photoForm(await readPhoto("sofa.jpg")));
  const { id } = (await posted.json()) as Generation;
  const { remoteId } = await waitForGeneration(app, id).then(() =>
    app.context.records.Generation.findByPk(id, { rejectOnEmpty: true }),
  );
  const { sequelize, Attempt, Generation: Generations } = app.context.records;
  // As it is while the create call of a canceled generation is under way.
  await app.context.records.Model3d.destroy({ where: { generationId: id } });
  await Generations.update({ status: "canceled", remoteId: null }, { where: { id } });
  await Attempt.update({ state: "open", closedAt: null }, { where: { generationId: id } });
  Attempt.addHook("beforeFind", "answer", async () => {
    Attempt.removeHook("beforeFind", "answer");
    await sequelize.transaction(async (transaction) => {
      await closeAttempt(app.context.records, id, { state: "accepted" }, transaction);
      await Generations.update({ remoteId }, { where: { id }, transaction });
    });
  });
  const retried = await app.request(`/api/v1/generations/${id}/retry`, { method: "POST" });
  assert.equal(retried.status, 202);
  await waitForGeneration(app, id);
  assert.equal(fake.creates().length, 1);
});
