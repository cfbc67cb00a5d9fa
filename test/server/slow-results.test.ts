import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";

const HANGING = 3;

it("publishes a result while others hang on their way", async () => {
  await using stack = new AsyncDisposableStack();
  const fake = stack.use(await startFakeGenapi());
  const app = stack.adopt(await startTestApp({ fake }), (part) => part.dispose());
  const sofa = await readPhoto("sofa.jpg");
  const create = async () => ((await (await postPhoto(app, photoForm(sofa))).json()) as Generation).id;
  /** Of how many: one that hangs for long is begun again. */
  const fetches = () =>
    new Set(fake.requests.filter(({ host }) => host === "files").map(({ path }) => path)).size;

  fake.script("file-hang");
  for (let number = 1; number <= HANGING; number++) {
    await create();
    // Each download hangs before the next comes.
    for (let tries = 0; fetches() < number && tries < 2400; tries++) await sleep(50);
    assert.equal(fetches(), number, `download ${number} did not begin`);
  }
  fake.script("immediate");
  const done = await waitForGeneration(app, await create());
  assert.equal(done.status, "succeeded", JSON.stringify(done.error));
});
