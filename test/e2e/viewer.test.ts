import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import type { Model } from "../../server/contract/model.ts";
import { compareEn } from "../../web/src/locales/compare-en.ts";
import { viewerEn } from "../../web/src/locales/viewer-en.ts";
import { objectRect } from "../../web/src/viewer/object-rect.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { launchBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { photoForm } from "../support/client.ts";
import { gpuUse, interruptContext, untilNothingIsDrawn, watchGpu } from "../support/gpu-watch.ts";
import { holdRequests } from "../support/hold-requests.ts";
import { ball, box, GlbBuilder } from "../support/make-glb.ts";
import {
  assertAccessible,
  countColours,
  type Picture,
  pictureOf,
  shareChanged,
} from "../support/page-checks.ts";

const MUG = path.resolve(import.meta.dirname, "../fixtures/photos/mug.jpg");
const words = viewerEn.viewer;

/** One page goes through everything that the viewer can do; each step begins where the one before it ended. */
describe("the viewer", () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visit: TestPage;
  let page: Page;
  let mug: string;
  let shapes: string;

  before(async () => {
    app = await startTestApp();
    [mug, shapes] = await Promise.all([generateMug(app), importShapes(app)]);
    browser = await launchBrowser();
    visit = await browser.newPage({ width: 960, height: 640, reducedMotion: true });
    page = visit.page;
    await watchGpu(visit.context);
    await page.goto(`${app.url}/models/${mug}`);
    await page.locator("[data-drawn]").waitFor();
  });
  after(async () => {
    await browser?.close();
    await app?.dispose();
  });

  const stage = () => page.locator("[data-background]").first();
  const press = (key: string) => page.getByRole("application").first().press(key);
  const canvas = () => pictureOf(stage());
  /** By its label, which is what a pointer meets; waits until the choices have come to rest. */
  async function choose(name: string): Promise<void> {
    const radio = page.getByRole("radio", { name, exact: true });
    await page.locator("label").filter({ has: radio }).click();
    assert.ok(await radio.isChecked());
  }

  const rest = () => untilNothingIsDrawn(page);
  async function pictureAfter(key: string): Promise<Picture> {
    await press(key);
    await rest();
    return canvas();
  }

  it("draws nothing while nothing changes, and a little for each key", async () => {
    await rest();
    const { draws } = await gpuUse(page);
    await page.evaluate(async () => {
      for (let frame = 0; frame < 40; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    });
    assert.equal((await gpuUse(page)).draws, draws);
    await press("ArrowLeft");
    await rest();
    assert.ok((await gpuUse(page)).draws > draws, "a key turns the model");
    await press("f");
    await rest();
  });

  it("shows clay, normals, wires, light, shadow, sizes and figures", async () => {
    const plain = await canvas();
    assert.ok(countColours(plain) > 40);
    for (const key of ["c", "n", "w"]) {
      assert.ok(shareChanged(plain, await pictureAfter(key)) > 0.05, `${key} changes the surface`);
    }
    assert.ok(shareChanged(plain, await pictureAfter("w")) < 0.002, "and back");
    for (const [key, back, least] of [
      ["]", "[", 0.05],
      ["o", "o", 0.01],
      ["m", "m", 0.003],
      ["h", "h", 0.05],
      ["d", "d", 0.05],
      ["l", "l", 0.03],
    ] as const) {
      const changed = shareChanged(plain, await pictureAfter(key));
      assert.ok(changed > least, `${key} changed ${changed}`);
      await press(back);
    }
  });

  it("measures in the visitor's unit, and remembers it", async () => {
    await press("m");
    await page.getByRole("button", { name: words.measure }).click();
    await choose("in");
    await page.locator("[data-measure=height]", { hasText: /^≈ .*in$/ }).waitFor();
    await assertAccessible(page, "measures");
    await page.keyboard.press("Escape");
    await page.reload();
    await page.locator("[data-drawn]").waitFor();
    await press("m");
    await page.locator("[data-measure=height]", { hasText: /^≈ .*in$/ }).waitFor();
    await press("m");
  });

  it("leaves a model that was moved over its photo where it is, when the object is found late", async () => {
    const search = await holdRequests(visit.context, /\/api\/v1\/cutouts$/);
    const found = page.waitForResponse(/\/api\/v1\/cutouts$/);
    await press("p");
    await search.asked;
    await page.getByRole("slider", { name: words.compare.handle }).waitFor();
    await press("ArrowRight");
    const question = page.getByRole("button", { name: words.compare.save });
    await question.waitFor();
    await rest();
    const before = await canvas();
    search.letGo();
    await (await found).finished();
    await rest();
    assert.ok(shareChanged(before, await canvas()) < 0.002);
    assert.equal(await question.count(), 1);
    await press("p");
  });

  it("lays the photo over the model behind a slider that keys and pointers move", async () => {
    const found = page.waitForResponse(/\/api\/v1\/cutouts$/);
    await press("p");
    const slider = page.getByRole("slider", { name: words.compare.handle });
    await slider.waitFor();
    await (await found).finished();
    await rest();
    await assertAccessible(page, "the slider");
    await slider.press("End");
    assert.equal(await slider.getAttribute("aria-valuenow"), "100");
    const photo = await canvas();
    await slider.press("Home");
    await page.mouse.move(0, 0);
    const model = await canvas();
    assert.ok(shareChanged(photo, model) > 0.1);

    const rects = [photo, model].map((picture) => objectRect(inner(picture)));
    for (const side of ["x", "y", "width", "height"] as const) {
      const [there, here] = [rects[0][side], rects[1][side]];
      assert.ok(Math.abs(there - here) < 0.04, `${side}: photo ${there}, model ${here}`);
    }
    const knob = (await slider.boundingBox())!;
    await page.mouse.move(knob.x + knob.width / 2, knob.y + 40);
    await page.mouse.down();
    await page.mouse.move(knob.x + 200, knob.y + 40, { steps: 3 });
    await page.mouse.up();
    await page.waitForFunction(
      (handle) => Number(handle?.getAttribute("aria-valuenow")) > 10,
      await slider.elementHandle(),
    );

    await press("ArrowRight");
    await page.getByRole("button", { name: words.compare.save }).click();
    await page.getByRole("button", { name: words.compare.save }).waitFor({ state: "detached" });
    const { metadata } = await readModel(app, mug);
    const { direction } = metadata.viewpoint as { direction: number[] };
    assert.ok(Math.abs(direction[0]) > 0.05, `it was turned: ${direction}`);
    await press("p");
  });

  it("keeps notes at places of the model, hides covered ones, and lists all", async () => {
    await press("t");
    const firstText = page.getByRole("textbox", { name: words.notes.text.replace("{number}", "1") });
    await page.getByRole("button", { name: words.notes.add }).evaluate(tapAroundPress);
    await firstText.press("Escape");
    await page.getByRole("button", { name: words.notes.add }).click();
    const place = (await stage().boundingBox())!;
    await page.mouse.click(place.x + place.width * 0.5, place.y + place.height * 0.5);
    await firstText.fill("Глазурь, $5");
    await page.getByRole("button", { name: words.notes.save, exact: true }).click();
    await page.getByRole("button", { name: words.notes.add }).press("Enter");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: words.notes.text.replace("{number}", "2") }).fill("By keyboard");
    await page.getByRole("button", { name: words.notes.save, exact: true }).click();
    await page.getByRole("button", { name: /By keyboard/ }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    assert.equal(await focused(), words.notes.title, "the focus stays with the notes");
    await assertAccessible(page, "the notes");

    await page.reload();
    await page.locator("[data-drawn]").waitFor();
    const marker = page.locator("button[data-covered]").first();
    await marker.waitFor();
    await page.locator('button[data-covered="false"]').first().waitFor();
    for (let turn = 0; turn < 24; turn++) await press("ArrowLeft");
    await page.locator('button[data-covered="true"]').first().waitFor({ state: "attached" });

    await press("t");
    await page.getByRole("button", { name: /Глазурь/ }).press("Enter");
    await page.locator('button[data-covered="false"]').first().waitFor();
    await page.getByRole("button", { name: words.notes.remove.replace("{number}", "2") }).click();
    await page.getByRole("button", { name: /By keyboard/ }).waitFor({ state: "detached" });
    const { metadata } = await readModel(app, mug);
    assert.deepEqual(
      (metadata.hotspots as { text: string }[]).map(({ text }) => text),
      ["Глазурь, $5"],
    );
    await press("t");
  });

  it("saves a picture with a transparent background in the chosen size", async () => {
    await page.getByRole("button", { name: words.screenshot }).click();
    await choose(words.pictureSizes["4k"]);
    await page.getByRole("checkbox", { name: words.pictureTransparent }).check();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: words.savePicture }).click();
    const picture = sharp(await readFile(await (await download).path()));
    const { width, height } = await picture.metadata();
    assert.ok(Math.abs(Math.max(width, height) - 3840) <= 2, `${width} × ${height}`);
    const { channels } = await picture.stats();
    assert.deepEqual([channels[3].min, channels[3].max], [0, 255]);
    await page.keyboard.press("Escape");
  });

  it("draws again by itself when the graphics card was away", async () => {
    await press("f");
    await rest();
    const before = await canvas();
    await interruptContext(page, words.interrupted);
    await page.getByText(words.interrupted).first().waitFor({ state: "detached" });
    await rest();
    assert.ok(shareChanged(before, await canvas()) < 0.01, "it looks as it did");
  });

  it("shows two models that turn together, at one scale on demand", async () => {
    await page.goto(`${app.url}/compare?a=${mug}`);
    await page.getByRole("searchbox").fill("shap");
    await page.getByRole("button", { name: "Shapes" }).click();
    await page.locator("[data-drawn]").nth(1).waitFor();
    await rest();
    await assertAccessible(page, "two models");
    const right = page.locator("[data-background]").nth(1);
    const before = await pictureOf(right);
    for (let turn = 0; turn < 4; turn++) await press("ArrowLeft");
    await rest();
    const turned = await pictureOf(right);
    assert.ok(shareChanged(before, turned) > 0.03, "the other one turns too");
    await page.getByRole("checkbox", { name: compareEn.compare.sameScale }).check();
    await rest();
    assert.ok(shareChanged(turned, await pictureOf(right)) > 0.05, "and is as large as it really is");
  });

  it("gives the graphics card back, model after model", async () => {
    const { contexts } = await gpuUse(page);
    for (let swap = 0; swap < 9; swap++) {
      await page.getByRole("button", { name: compareEn.compare.swap }).click();
      await page.locator("canvas").nth(1).waitFor({ state: "attached" });
    }
    await page.locator("[data-drawn]").nth(1).waitFor();
    assert.ok((await gpuUse(page)).contexts >= contexts + 18);
    await page.evaluate(() => history.pushState(null, "", "/trash"));
    await page.locator("canvas").first().waitFor({ state: "detached" });
    for (let tries = 0; (await gpuUse(page)).living > 0 && tries < 1200; tries++)
      await page.waitForTimeout(100);
    assert.equal((await gpuUse(page)).living, 0);
    assert.deepEqual(visit.problems, []);
    assert.deepEqual(visit.outsideRequests, []);
  });

  it("is usable on a phone, in the dark and in Russian", async () => {
    const phone = await browser.newPage({
      width: 375,
      height: 740,
      hasTouch: true,
      colorScheme: "dark",
      language: "ru-RU",
    });
    await phone.page.goto(`${app.url}/models/${shapes}`);
    await phone.page.locator("[data-drawn]").waitFor();
    const bar = (await phone.page.getByRole("toolbar").last().boundingBox())!;
    assert.ok(bar.height < 64, `one row, not ${bar.height} pixels`);
    await phone.page.getByRole("button", { name: /^Вид:/ }).tap();
    await phone.page.getByRole("slider").waitFor();
    await assertAccessible(phone.page, "on a phone");
    const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(wide, 375);
    await phone.context.close();
  });
});

/** Taps the middle of the picture, presses a button and taps again, with no turn for anything but React's own rendering. */
async function tapAroundPress(button: HTMLElement | SVGElement): Promise<void> {
  const canvas = document.querySelector("canvas")!;
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const place = { clientX: left + width / 2, clientY: top + height / 2 };
  const tap = () => {
    for (const type of ["pointerdown", "pointerup"])
      canvas.dispatchEvent(
        new PointerEvent(type, { ...place, pointerId: 1, isPrimary: true, bubbles: true }),
      );
  };
  tap();
  (button as HTMLElement).click();
  for (let turn = 0; turn < 1000 && !document.querySelector("[data-placing]"); turn++)
    await Promise.resolve();
  tap();
}

/** Without the rim, which the focus may draw, and the corners with their buttons; as RGBA. */
function inner({ pixels, width, height }: Picture) {
  const [left, top] = [Math.round(width * 0.2), Math.round(height * 0.04)];
  const size = { width: width - 2 * left, height: height - 2 * top };
  const data = new Uint8ClampedArray(size.width * size.height * 4).fill(255);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      for (let channel = 0; channel < 3; channel++)
        data[(y * size.width + x) * 4 + channel] = pixels[((y + top) * width + x + left) * 3 + channel];
  return { data, ...size };
}

async function readModel(app: TestApp, id: string): Promise<Model> {
  return (await (await app.request(`/api/v1/models/${id}`)).json()) as Model;
}

async function generateMug(app: TestApp): Promise<string> {
  const body = photoForm(await readFile(MUG), { name: "Mug", preset: "draft" }, "mug.jpg");
  const created = await app.request("/api/v1/generations", { method: "POST", body });
  let generation = (await created.json()) as Generation;
  while (generation.modelId === null) {
    assert.notEqual(generation.status, "failed", JSON.stringify(generation.error));
    await new Promise((resolve) => setTimeout(resolve, 100));
    generation = (await (await app.request(`/api/v1/generations/${generation.id}`)).json()) as Generation;
  }
  return generation.modelId;
}

/** A ball on a box, some metres large, in colours. */
async function importShapes(app: TestApp): Promise<string> {
  const builder = new GlbBuilder();
  const material = (colour: [number, number, number, number]) =>
    builder.document.createMaterial().setBaseColorFactor(colour).setRoughnessFactor(0.7).setMetallicFactor(0);
  builder.add(box([2, 0.5, 1]), material([0.8, 0.2, 0.1, 1]));
  builder.add(ball(0.5, 16), material([0.1, 0.4, 0.8, 1])).setTranslation([0.3, 0.75, 0]);
  const body = photoForm(await builder.build(), { name: "Shapes" }, "shapes.glb", "file");
  const response = await app.request("/api/v1/models", { method: "POST", body });
  return ((await response.json()) as Model).id;
}
