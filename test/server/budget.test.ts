import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";

/** A small photo of its own for each number. */
const photo = (number: number) =>
  sharp({ create: { width: 96, height: 96, channels: 3, background: { r: number * 10, g: 90, b: 40 } } })
    .png()
    .toBuffer();

describe("daily budgets", () => {
  let fake: FakeGenapi;
  before(async () => {
    fake = await startFakeGenapi();
  });
  after(() => fake.dispose());

  const create = async (app: TestApp, number: number) => {
    const response = await postPhoto(app, photoForm(await photo(number)));
    return { status: response.status, body: (await response.json()) as Generation & { code?: string } };
  };

  it("lets exactly five of twenty simultaneous requests through", async () => {
    const app = await startTestApp({ fake, env: { GENAPI_DAILY_GENERATIONS: "5" } });
    try {
      fake.script("immediate");
      const before = fake.creates().length;
      const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => create(app, number)));
      const accepted = answers.filter(({ status }) => status === 202);
      assert.equal(accepted.length, 5);
      assert.ok(answers.every(({ status, body }) => status === 202 || body.code === "budget-exceeded"));
      for (const { body } of accepted) await waitForGeneration(app, body.id);
      assert.equal(fake.creates().length, before + 5);
      const free = await postPhoto(app, photoForm(await photo(1), { provider: "local" }));
      assert.equal(free.status, 202, "the built-in generator costs nothing");
    } finally {
      await app.dispose();
    }
  });

  it("gives the place of a refused request back, and counts the real cost", async () => {
    const app = await startTestApp({ fake, env: { GENAPI_DAILY_ROUBLES: "30" } });
    try {
      fake.script("forbidden", {
        polls: [
          ({ response, resultUrl }) =>
            void response.end(JSON.stringify({ status: "success", cost: 17, result: [resultUrl] })),
        ],
      });
      const refused = await create(app, 1);
      await waitForGeneration(app, refused.body.id);
      const paid = await create(app, 2);
      assert.equal((await waitForGeneration(app, paid.body.id)).cost, 17);
      const tooDear = await create(app, 3);
      assert.equal(tooDear.status, 402);
      assert.equal(tooDear.body.code, "budget-exceeded");
    } finally {
      await app.dispose();
    }
  });
});
