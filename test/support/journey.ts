import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { en } from "../../web/src/locales/en.ts";
import { ru } from "../../web/src/locales/ru.ts";
import { viewerEn } from "../../web/src/locales/viewer-en.ts";
import { viewerRu } from "../../web/src/locales/viewer-ru.ts";
import { launchBrowser, type PageOptions, type TestBrowser } from "./browser.ts";
import { holdRequests } from "./hold-requests.ts";
import { assertAccessible, countColours, pictureAtRest, pictureWhere, shareChanged } from "./page-checks.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

const PHOTOS = path.resolve(import.meta.dirname, "../fixtures/photos");

export interface Visitor {
  name: string;
  words: typeof en | typeof ru;
  photo: string;
  options: PageOptions;
}

/** The whole way of a visitor in a real browser, against the real process. */
export function describeJourney({ name, words, photo, options }: Visitor): void {
  describe(`from a photo to a model, ${name}`, () => {
    let folder: string;
    let server: ServerProcess;
    let browser: TestBrowser;

    before(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-journey-"));
      server = await startServer(folder);
      browser = await launchBrowser();
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it("upload, progress, model, gallery, and again after a restart", async () => {
      const { page, problems, outsideRequests, context } = await browser.newPage(options);
      const modelName = `${words.create.recent} ${photo}`;

      const news = await holdRequests(context, /\/api\/v1\/generations\/(events|[0-9a-f-]{36})/);
      await page.goto(server.url);
      await page.getByRole("heading", { level: 1, name: words.create.heading }).waitFor();
      await assertAccessible(page, "the start page");
      await page.locator('input[type="file"]').first().setInputFiles(path.join(PHOTOS, photo));
      await page.getByLabel(words.photo.name).fill(modelName);
      await page.getByRole("img", { name: words.cutout.alt }).waitFor();
      await assertAccessible(page, "the chosen photo");
      await page.getByRole("button", { name: String(words.options.start.one) }).click();

      await page.waitForURL(/\/generations\//);
      await page.getByRole("progressbar").waitFor();
      await assertAccessible(page, "the progress");
      news.letGo();
      await page.waitForURL(/\/models\/[0-9a-f-]{36}/, { timeout: 400_000 });
      const modelUrl = new URL(page.url()).pathname;
      await assertModelIsDrawn(page, words, modelName, 3);
      await assertAccessible(page, "the model");

      await openGallery(page, words, server.url, modelName);
      await assertAccessible(page, "the gallery");
      assert.deepEqual(problems, []);

      await server.stop();
      server = await startServer(folder);
      await openGallery(page, words, server.url, modelName);
      await page.goto(server.url + modelUrl);
      await assertModelIsDrawn(page, words, modelName, 1);
      assert.deepEqual(outsideRequests, []);
      await context.close();
    });

    it("shows no model where the file does not arrive: the control of the check", async () => {
      const { page, context } = await browser.newPage(options);
      await page.route("**/files/model.glb*", (route) => route.abort());
      await page.goto(`${server.url}/models`);
      await page.getByRole("link", { name: photo }).first().click();
      await page.getByRole("alert").waitFor();
      assert.equal(await page.locator("canvas").isVisible(), false);
      await context.close();
    });
  });
}

async function openGallery(
  page: Page,
  words: Visitor["words"],
  url: string,
  modelName: string,
): Promise<void> {
  await page.goto(`${url}/models`);
  await page.getByRole("heading", { level: 1, name: words.gallery.heading }).waitFor();
  await page.getByRole("link", { name: modelName }).first().waitFor();
}

/** The canvas shows the model from several sides: it differs from the empty floor, in many colours, and turns. */
async function assertModelIsDrawn(
  page: Page,
  words: Visitor["words"],
  modelName: string,
  turns: number,
): Promise<void> {
  const canvas = page.locator("canvas");
  await page
    .getByRole("application", {
      name: (words === ru ? viewerRu : viewerEn).viewer.label.replace("{name}", modelName),
    })
    .waitFor();
  // Until then the picture that stands in for the model covers it, as colourful, and there is nothing to turn.
  await page.locator("[data-drawn]").waitFor();
  await pictureWhere(canvas, (picture) => countColours(picture) > 40, "the model was not drawn");
  for (let turn = 1; turn <= turns; turn++) {
    const before = await pictureAtRest(canvas);
    await drag(page, canvas);
    await pictureWhere(
      canvas,
      (picture) => shareChanged(before, picture) > 0.03 && countColours(picture) > 40,
      `turn ${turn} did not change the picture`,
    );
  }
}

async function drag(page: Page, canvas: Locator): Promise<void> {
  const box = (await canvas.boundingBox())!;
  const y = box.y + box.height * 0.3;
  await page.mouse.move(box.x + box.width * 0.7, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, y, { steps: 5 });
  await page.mouse.up();
}
