import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, waitForGeneration } from "../support/client.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { json, type Step, started, state, success } from "../support/fake-genapi/steps.ts";
import { distinctPhoto } from "../support/visitors.ts";

const finished = (fields: Record<string, unknown>): Step =>
  success(({ resultUrl }) => ({ result: [resultUrl], ...fields }));
const failed = (words: string): Step => state({ status: "error", result: [words] });

describe("a provider whose answers no database can take", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let photos = 0;
  before(async () => {
    fake = await startFakeGenapi();
    app = await startTestApp({ fake });
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  async function endOf(behaviour: Behaviour) {
    fake.script(behaviour);
    const posted = await postPhoto(app, photoForm(await distinctPhoto(photos++)));
    const { id } = (await posted.json()) as Generation;
    return waitForGeneration(app, id);
  }

  for (const cost of [1e12, 1e300, -5, "NaN"]) {
    it(`publishes a paid model in spite of a cost of ${cost}`, async () => {
      const { status, cost: written } = await endOf({ polls: [finished({ cost })] });
      assert.deepEqual([status, written], ["succeeded", null]);
    });
  }

  it("publishes what is finished at once in spite of its cost", async () => {
    const create: Step = json(200, ({ generation, resultUrl }: Parameters<Step>[0]) => ({
      request_id: generation?.id,
      status: "success",
      cost: 1e15,
      result: [resultUrl],
    }));
    assert.equal((await endOf({ create })).status, "succeeded");
  });

  it("shortens the words of a failure between two characters", async () => {
    const { status, error } = await endOf({ polls: [failed(`${"a".repeat(298)}${"🪑".repeat(10)}`)] });
    assert.deepEqual([status, error?.code], ["failed", "provider-failed"]);
  });

  it("takes words that are no text", async () => {
    const { status, error } = await endOf({ polls: [failed("a \u0000 \ud800 b")] });
    assert.deepEqual([status, error?.code], ["failed", "provider-failed"]);
  });

  it("reads megabytes of an opened tag without standing still", async () => {
    const { status } = await endOf({ create: started(), polls: [failed("<".repeat(4_000_000))] });
    assert.equal(status, "failed");
  });

  it("ends at the address of a result that is no text", async () => {
    const polls = [success(({ resultUrl }) => ({ result: [`${resultUrl}?\u0000`] }))];
    assert.equal((await endOf({ polls })).status, "succeeded");
  });
});
