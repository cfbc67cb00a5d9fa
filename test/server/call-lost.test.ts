import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import { receiveCallback } from "../../server/services/callbacks.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { reset, success } from "../support/fake-genapi/steps.ts";

describe("calls of the provider whose handling is cut off", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  before(async () => {
    fake = await startFakeGenapi();
    app = await startTestApp({ fake, env: { PUBLIC_URL: "http://127.0.0.1:9" } });
    fake.script({ create: reset, polls: [success(({ resultUrl }) => ({ result: [resultUrl] }))] });
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  /** Work that was sent and whose answer is lost. */
  async function createLost() {
    const photo = await readPhoto("sofa.jpg");
    const { id } = (await (await postPhoto(app, photoForm(photo))).json()) as Generation;
    for (;;) {
      const attempt = await app.context.records.Attempt.findOne({
        where: { generationId: id, state: "unknown" },
      });
      if (attempt) return { id, attempt, remoteId: fake.creates().at(-1)!.id };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const waitsSeconds = async (id: string) => {
    const [[row]] = (await app.context.records.sequelize.query(
      "SELECT extract(epoch FROM wake_at - now())::float AS seconds FROM generation_tasks WHERE id = $1",
      { bind: [id] },
    )) as unknown as [[{ seconds: number }]];
    return row.seconds;
  };

  it("takes the named work although the process died before it could look", async () => {
    const { id, attempt, remoteId } = await createLost();
    const died = async () => {
      throw new Error("The process died.");
    };
    const queue = { ...app.context.queue, enqueue: died };
    const deps = { records: app.context.records, queue, observe() {} };
    await receiveCallback(deps, attempt.nonce, { request_id: remoteId }, "test").catch(() => undefined);
    // As the provider does where its call was not taken.
    await receiveCallback(
      { ...deps, queue: { ...queue, enqueue: async () => {} } },
      attempt.nonce,
      { request_id: remoteId },
      "test",
    );
    assert.ok((await waitsSeconds(id)) <= 15, `${await waitsSeconds(id)} s until the next look`);
    const done = await waitForGeneration(app, id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    assert.equal(fake.creates().length, 1);
  });

  for (const status of ["canceled", "needs-confirmation"] as const) {
    it(`takes the named work also where it is ${status} by now`, async () => {
      const { id, attempt, remoteId } = await createLost();
      if (status === "canceled") await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
      else await app.context.records.Generation.update({ status, wakeAt: null }, { where: { id } });
      const queue = { ...app.context.queue, enqueue: async () => {} };
      const deps = { records: app.context.records, queue, observe() {} };
      await receiveCallback(deps, attempt.nonce, { request_id: remoteId }, "test");
      await app.context.records.Generation.update({ wakeAt: new Date(0) }, { where: { id, status } });
      const done = await waitForGeneration(
        app,
        id,
        (now) => now.keptResult || (status !== "canceled" && now.finishedAt !== null),
      );
      assert.equal(done.status, status === "canceled" ? "canceled" : "succeeded");
    });
  }

  it("asks a person when the wait for a call is over", async () => {
    const { id, attempt } = await createLost();
    await app.context.records.Generation.update({ wakeAt: new Date(0) }, { where: { id } });
    while ((await waitsSeconds(id)) < 60) await new Promise((resolve) => setTimeout(resolve, 100));
    await attempt.update({ closedAt: new Date(Date.now() - 3_600_000) });
    await app.context.records.Generation.update({ wakeAt: new Date(0) }, { where: { id } });
    const asked = await waitForGeneration(app, id, ({ status }) => status !== "submitting");
    assert.equal(asked.status, "needs-confirmation");
    assert.equal(asked.error?.code, "submit-unknown");
  });
});
