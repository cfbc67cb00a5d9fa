import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { started } from "../support/fake-genapi/steps.ts";

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

it("keeps the id of work that the provider accepts after a cancel, and picks it up on a retry", async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  fake.script({
    create: async (call) => {
      const left = new Promise((resolve) => call.response.once("close", resolve));
      arrived.resolve();
      await Promise.race([answer.promise, left]);
      await started()(call);
    },
  });
  const posted = await postPhoto(app, photoForm(await readPhoto("sofa.jpg")));
  const { id } = (await posted.json()) as Generation;
  await arrived.promise;
  await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
  const { Attempt } = app.context.records;
  // The worker looks every two seconds whether the row is still its own.
  setTimeout(answer.resolve, 5000);
  const isClosed = async () => (await Attempt.count({ where: { generationId: id, state: "open" } })) === 0;
  for (let tries = 0; tries < 1200 && !(await isClosed()); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const attempt = await Attempt.findOne({ where: { generationId: id }, rejectOnEmpty: true });
  assert.equal(attempt.state, "accepted");
  const retried = await app.request(`/api/v1/generations/${id}/retry`, { method: "POST" });
  assert.equal(retried.status, 202);
  assert.equal((await waitForGeneration(app, id)).status, "succeeded");
  assert.equal(fake.creates().length, 1);
});
