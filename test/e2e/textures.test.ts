import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { BrowserContext, Page, Request } from "playwright-core";
import sharp from "sharp";
import type { Model } from "../../server/contract/model.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { launchBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { photoForm } from "../support/client.ts";
import { gpuUse, untilNothingIsDrawn, watchGpu } from "../support/gpu-watch.ts";
import { holdRequests } from "../support/hold-requests.ts";
import { box, GlbBuilder } from "../support/make-glb.ts";
import { type Picture, pictureOf } from "../support/page-checks.ts";
import { shareModel } from "../support/share-client.ts";
import { textureSides, untilTexture, watchTextures } from "../support/texture-watch.ts";

const FULL = 1600;
const SMALL = 1024;
const FULL_FILE = /\/model\.glb(\?|$)/;
const PREVIEW_FILE = /\/preview\.glb(\?|$)/;

/** A box is shown so large that the fine stripes of its texture are there or not. */
describe("small textures first", () => {
  let app: TestApp;
  let browser: TestBrowser;
  let model: Model;

  before(async () => {
    app = await startTestApp();
    model = await importStripes(app);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await app?.dispose();
  });

  const address = () => `${app.url}/models/${model.id}`;
  async function visit(): Promise<TestPage & { asked: Request[] }> {
    const opened = await browser.newPage({ width: 900, height: 700, reducedMotion: true });
    await watchGpu(opened.context);
    await watchTextures(opened.context);
    const asked: Request[] = [];
    opened.context.on("request", (request) => {
      if (FULL_FILE.test(request.url()) || PREVIEW_FILE.test(request.url())) asked.push(request);
    });
    return { ...opened, asked };
  }
  const drawn = (page: Page) => page.locator("[data-drawn]").waitFor();
  const names = (asked: Request[]) =>
    asked.map((request) => new URL(request.url()).pathname.split("/").at(-1));
  const hasNoModelTextureBut = async (page: Page, side: number) => {
    const sides = await textureSides(page);
    assert.deepEqual(
      sides.filter((known) => known === FULL || known === SMALL),
      [side],
    );
  };

  it("come with the page's first answer; the full ones take their place, and nothing else moves", async () => {
    const { page, context, problems, asked } = await visit();
    const full = await holdRequests(context, FULL_FILE);
    await page.goto(address());
    await drawn(page);
    await full.asked;
    assert.deepEqual(names(asked), ["preview.glb", "model.glb"], "each once");
    await hasNoModelTextureBut(page, SMALL);
    await page.getByRole("application").press("1");
    await untilNothingIsDrawn(page);
    const small = await pictureOf(page.locator("canvas"));
    full.letGo();
    await untilTexture(page, FULL);
    await untilNothingIsDrawn(page);
    const sharp = await pictureOf(page.locator("canvas"));
    await hasNoModelTextureBut(page, FULL);
    assert.ok(contrast(sharp) > 2 * contrast(small), `${contrast(small)} to ${contrast(sharp)}`);
    const moved = await blurredDifference(small, sharp);
    assert.ok(moved < 4, `from afar it is the same picture, and differs by ${moved}`);

    const { draws } = await gpuUse(page);
    await page.evaluate(async () => {
      for (let frame = 0; frame < 20; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    });
    assert.equal((await gpuUse(page)).draws, draws, "at rest nothing is drawn");
    const answer = await asked[1].response();
    assert.equal(answer?.status(), 206);
    const bytes = Number(await answer?.headerValue("content-length"));
    assert.ok(bytes < model.files.glb!.bytes, `${bytes} bytes of textures alone`);
    assert.equal(asked.length, 2);
    assert.deepEqual(problems, []);
    await context.close();
  });

  for (const [what, fail] of [
    ["cannot be had", (context: BrowserContext) => context.route(FULL_FILE, (route) => route.abort())],
    [
      "are of another file by now",
      (context: BrowserContext) =>
        context.route(FULL_FILE, async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, headers: { ...response.headers(), etag: '"another"' } });
        }),
    ],
  ] as const) {
    it(`stay where the full ones ${what}`, async () => {
      const { page, context } = await visit();
      await fail(context);
      const ended = Promise.withResolvers<void>();
      const end = (request: Request) => FULL_FILE.test(request.url()) && ended.resolve();
      context.on("requestfailed", end).on("requestfinished", end);
      await page.goto(address());
      await drawn(page);
      await ended.promise;
      await untilNothingIsDrawn(page);
      await hasNoModelTextureBut(page, SMALL);
      assert.equal(await page.getByRole("alert").count(), 0);
      await context.close();
    });
  }

  it("wait for the full ones until the network is back", async () => {
    const { page, context } = await visit();
    await context.route(FULL_FILE, (route) => route.abort(), { times: 1 });
    await context.addInitScript(() => {
      const listen = window.addEventListener;
      window.addEventListener = ((type: string, ...rest: [EventListener, AddEventListenerOptions?]) => {
        if (type === "online" && rest[1]?.once) Object.assign(window, { awaitsNetwork: true });
        listen.call(window, type, ...rest);
      }) as typeof listen;
    });
    await page.goto(address());
    await drawn(page);
    await page.waitForFunction(() => "awaitsNetwork" in window);
    await hasNoModelTextureBut(page, SMALL);
    await context.setOffline(true);
    await context.setOffline(false);
    await untilTexture(page, FULL);
    await hasNoModelTextureBut(page, FULL);
    await context.close();
  });

  it("are left out where their file is gone", async () => {
    const { page, context, asked } = await visit();
    await context.route(PREVIEW_FILE, (route) => route.fulfill({ status: 404 }));
    await page.goto(address());
    await drawn(page);
    await hasNoModelTextureBut(page, FULL);
    const whole = asked.filter((request) => FULL_FILE.test(request.url()));
    assert.deepEqual([whole.length, (await whole[0].response())?.status()], [1, 200]);
    await context.close();
  });

  it("are enough for who saves data, until the model fills the screen", async () => {
    const { page, context, asked } = await visit();
    await context.addInitScript(() =>
      Object.defineProperty(navigator, "connection", { value: { saveData: true } }),
    );
    await page.goto(address());
    await drawn(page);
    await untilNothingIsDrawn(page);
    assert.deepEqual(names(asked), ["preview.glb"]);
    await page.getByRole("application").press("Enter");
    await untilTexture(page, FULL);
    await hasNoModelTextureBut(page, FULL);
    await context.close();
  });

  it("come first behind a share link too", async () => {
    const { page, context, problems, asked } = await visit();
    const { token } = await shareModel(app, model.id);
    const full = await holdRequests(context, FULL_FILE);
    await page.goto(`${app.url}/s/${token}`);
    await drawn(page);
    await full.asked;
    await hasNoModelTextureBut(page, SMALL);
    full.letGo();
    await untilTexture(page, FULL);
    await hasNoModelTextureBut(page, FULL);
    assert.deepEqual(names(asked), ["preview.glb", "model.glb"]);
    assert.deepEqual(problems, []);
    await context.close();
  });
});

/** A box with stripes one pixel wide, which blur to grey in a smaller texture, and some noise, which makes bytes. */
async function importStripes(app: TestApp): Promise<Model> {
  const pixels = Buffer.alloc(FULL * FULL * 3);
  for (let at = 0, seed = 7; at < FULL * FULL; at++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    const shade = ((at % FULL) % 2 ? 190 : 100) + ((seed >> 16) % 30);
    pixels.fill(shade, at * 3, at * 3 + 3);
  }
  const image = await sharp(pixels, { raw: { width: FULL, height: FULL, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
  const builder = new GlbBuilder();
  const shape = box([1, 1, 1]);
  const magnified = { ...shape, uvs: shape.uvs.map((value) => value * 0.1) };
  builder.add(magnified, builder.textured(image, "image/jpeg").setMetallicFactor(0));
  const body = photoForm(await builder.build(), { name: "Stripes" }, "stripes.glb", "file");
  const model = (await (await app.request("/api/v1/models", { method: "POST", body })).json()) as Model;
  assert.ok(model.files.preview, JSON.stringify(model.files));
  return model;
}

/** How much neighbours in a row of the middle differ, 0 to 255. */
function contrast({ pixels, width, height }: Picture): number {
  let sum = 0;
  const [left, right] = [Math.round(width * 0.4), Math.round(width * 0.6)];
  const row = Math.round(height / 2) * width;
  for (let x = left; x < right; x++) sum += Math.abs(pixels[(row + x) * 3] - pixels[(row + x + 1) * 3]);
  return sum / (right - left);
}

/** Mean difference of what is left of two pictures at a sixteenth of their size, 0 to 255. */
async function blurredDifference(a: Picture, b: Picture): Promise<number> {
  const [one, other] = await Promise.all(
    [a, b].map(({ pixels, width, height }) =>
      sharp(pixels, { raw: { width, height, channels: 3 } })
        .resize(Math.round(width / 16))
        .raw()
        .toBuffer(),
    ),
  );
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0) / one.length;
}
