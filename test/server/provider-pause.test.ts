import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import type { ProviderView } from "../../server/contract/provider.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readGeneration, readPhoto, waitForGeneration } from "../support/client.ts";
import { BEHAVIOURS } from "../support/fake-genapi/behaviours.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { json } from "../support/fake-genapi/steps.ts";
import { lengthenPauses } from "../support/long-pauses.ts";
import { boxGlb } from "../support/make-glb.ts";

const COUNT = 30;

const photo = (number: number) =>
  sharp({ create: { width: 96, height: 96, channels: 3, background: { r: number, g: 90, b: 40 } } })
    .png()
    .toBuffer();

const balanceOf = (balance: number) => json(200, { balance });

describe("an empty balance", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  before(async () => {
    fake = await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) });
    app = await startTestApp({ fake });
    await lengthenPauses(app);
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  const create = async (number: number) => {
    const response = await postPhoto(app, photoForm(await photo(number)));
    assert.equal(response.status, 202);
    return ((await response.json()) as Generation).id;
  };
  const genapi = async () => {
    const { items } = (await (await app.request("/api/v1/providers")).json()) as { items: ProviderView[] };
    return items.find(({ id }) => id === "genapi")!;
  };

  it("holds everything back without failing any of it, and free work goes on", async () => {
    fake.script({ ...BEHAVIOURS["balance-too-low"], user: balanceOf(3) });
    const ids = await Promise.all(Array.from({ length: COUNT }, (_, number) => create(number)));
    for (const id of ids) await waitForGeneration(app, id, ({ pause }) => pause !== null);
    const sent = await postPhoto(app, photoForm(await readPhoto("mug.jpg"), { provider: "local" }));
    const free = (await sent.json()) as Generation;
    assert.equal((await waitForGeneration(app, free.id)).status, "succeeded");
    for (const id of ids) {
      const { status, pause, attempts } = await readGeneration(app, id);
      assert.equal(status, "queued");
      assert.equal(pause?.code, "provider-balance");
      assert.ok(attempts <= 2, `${attempts} attempts`);
    }
    assert.equal((await genapi()).pause?.code, "provider-balance");
    const { ProviderPause } = app.context.records;
    const isNoted = async () => (await ProviderPause.findByPk("genapi"))?.balanceRoubles === "3.00";
    for (let tries = 0; tries < 1200 && !(await isNoted()); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));

    fake.script({ ...BEHAVIOURS.immediate, user: balanceOf(1000) });
    const before = fake.creates().length;
    for (const id of ids) assert.equal((await waitForGeneration(app, id)).status, "succeeded");
    assert.equal(fake.creates().length, before + COUNT);
    assert.equal((await genapi()).pause, null);
  });

  it("is asked again when a person says so", async () => {
    fake.script({ ...BEHAVIOURS["balance-too-low"], user: balanceOf(3) });
    const id = await create(100);
    await waitForGeneration(app, id, ({ pause }) => pause !== null);
    fake.script({ ...BEHAVIOURS.immediate, user: balanceOf(3) });
    const resume = async () =>
      (await (await app.request("/api/v1/providers/genapi/resume", { method: "POST" })).json()) as {
        resumed: boolean;
      };
    assert.equal((await resume()).resumed, true);
    assert.equal((await waitForGeneration(app, id)).status, "succeeded");
    assert.equal((await resume()).resumed, false);
  });

  it("that can't be read is not known, instead of nothing", async () => {
    fake.script({ ...BEHAVIOURS.immediate, user: json(500, {}) });
    await waitForGeneration(app, await create(101));
    assert.equal((await genapi()).balanceRoubles, null);
    fake.script({ ...BEHAVIOURS.immediate, user: balanceOf(55) });
    await waitForGeneration(app, await create(102));
    const before = fake.requests.filter(({ path }) => path === "/api/v1/user").length;
    const shown = await Promise.all(Array.from({ length: 8 }, genapi));
    assert.ok(shown.every(({ balanceRoubles }) => balanceRoubles === 55));
    const after = fake.requests.filter(({ path }) => path === "/api/v1/user").length;
    assert.equal(after - before, 1, "eight readers share one request, and what was spent asks for a new one");
  });
});
