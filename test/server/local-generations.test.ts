import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import type { Model } from "../../server/contract/model.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import {
  photoForm,
  postPhoto,
  readGeneration,
  readModel,
  readPhoto,
  waitForGeneration,
} from "../support/client.ts";
import { holdGenerator } from "../support/generator-process.ts";

describe("generations by the local generator", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.dispose());

  const create = async (photo: string, fields: Record<string, string> = {}) => {
    const response = await postPhoto(
      app,
      photoForm(await readPhoto(photo), { preset: "draft", ...fields }, photo),
    );
    assert.equal(response.status, 202);
    return (await response.json()) as Generation;
  };

  it("says what it is, and that the scale is assumed until somebody measures", async () => {
    const { id, provider } = await create("sofa.jpg");
    assert.equal(provider, "local");
    const done = await waitForGeneration(app, id);
    const model = await readModel(app, done.modelId!);
    assert.equal(model.localReport?.mode, "object");
    assert.equal(model.localReport?.scaleAssumed, true);
    assert.equal(model.stats.watertight, true);
    const measured = await app.request(`/api/v1/models/${model.id}`, {
      method: "PATCH",
      body: '{"dimensions":{"length":200}}',
      headers: { "Content-Type": "application/json" },
    });
    assert.equal(((await measured.json()) as Model).localReport?.scaleAssumed, false);
  });

  it("assumes no scale where a measurement came with the photo", async () => {
    const { id } = await create("phone.heic", { dimensions: '{"height":10}' });
    const done = await waitForGeneration(app, id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    const model = await readModel(app, done.modelId!);
    assert.equal(model.localReport?.scaleAssumed, false);
    assert.ok(Math.abs(model.dimensions.height - 10) < 0.01);
  });

  it("fails with a reason for a picture without anything in it", async () => {
    const { id } = await create("blank.png");
    const done = await waitForGeneration(app, id);
    assert.equal(done.status, "failed");
    assert.equal(done.error?.code, "no-object-found");
    assert.ok(done.error?.suggestion);
  });

  it("runs one at a time, tells the place in the queue, and stops at a cancel", async () => {
    const first = await create("sofa.jpg", { preset: "high" });
    await holdGenerator(process.pid);
    const second = await create("mug.jpg", { preset: "high" });
    const third = await create("chair.jpg", { preset: "high" });
    const waiting = await waitForGeneration(app, third.id, () => true);
    assert.equal(waiting.queuePosition, 2);
    assert.equal((await readGeneration(app, first.id)).status, "processing");
    for (const { id } of [third, second, first]) {
      const answer = await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
      assert.equal(((await answer.json()) as { chargeAvoided: boolean }).chargeAvoided, true);
    }
    const again = await app.request(`/api/v1/generations/${second.id}/retry`, { method: "POST" });
    assert.equal(again.status, 202);
    assert.equal((await waitForGeneration(app, second.id)).status, "succeeded");
    assert.equal((await waitForGeneration(app, first.id)).status, "canceled");
    assert.equal(await app.context.records.Model3d.count({ where: { generationId: first.id } }), 0);
  });
});
