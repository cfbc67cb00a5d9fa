import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Locator } from "playwright-core";
import { en } from "../../web/src/locales/en.ts";
import { exportsEn } from "../../web/src/locales/exports-en.ts";
import { launchBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { readStl } from "../support/exports/read-stl.ts";
import { assertAccessible, keepMessages } from "../support/page-checks.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";

const PHOTOS = path.resolve(import.meta.dirname, "../fixtures/photos");

/** What a visitor does day by day; each step goes on from the one before it. */
describe("several photos, and the care of their models", () => {
  let folder: string;
  let server: ServerProcess;
  let browser: TestBrowser;
  let visit: TestPage;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-everyday-"));
    server = await startServer(folder);
    browser = await launchBrowser();
    // Nothing turns under the pointer: what is being made for that is not found once its model goes to the trash.
    visit = await browser.newPage({ width: 1280, height: 860, reducedMotion: true });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("makes a model of each of several photos, one of them inside a box", async () => {
    const { page } = visit;
    await page.goto(server.url);
    const photos = ["mug.jpg", "chair.jpg"].map((name) => path.join(PHOTOS, name));
    await page.locator('input[type="file"]').first().setInputFiles(photos);

    const chair = page.getByRole("article", { name: en.photo.card.replace("{name}", "chair.jpg") });
    await chair.getByRole("button", { name: en.cutout.add }).click();
    const box = chair.getByRole("button", { name: en.cutout.box });
    const before = await box.getAttribute("style");
    await box.press("Shift+ArrowDown");
    assert.notEqual(await box.getAttribute("style"), before);

    await page.getByText(en.options.draft, { exact: true }).click();
    await page
      .getByRole("button", { name: en.options.start.other.replace("{count}", "2"), exact: true })
      .click();
    await page.getByRole("link", { name: en.generation.open }).nth(1).waitFor();
    await assertAccessible(page, "the sent photos");

    const { items } = (await (await fetch(`${server.url}/api/v1/generations`)).json()) as {
      items: { name: string; params: { box?: { height: number } | null } }[];
    };
    const heights = Object.fromEntries(items.map(({ name, params }) => [name, params.box?.height ?? null]));
    assert.deepEqual(Object.keys(heights).sort(), ["chair", "mug"]);
    assert.equal(heights.mug, null);
    assert.ok(Math.abs(heights.chair! - 0.62) < 1e-6, `the box is ${heights.chair} high`);
  });

  it("renames a model, moves it to the trash and takes it back", async () => {
    const { page } = visit;
    await page.goto(`${server.url}/models`);
    await keepMessages(page);
    await page.getByRole("button", { name: en.gallery.actions.replace("{name}", "mug") }).click();
    await page.getByRole("menuitem", { name: en.gallery.rename }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("Blue mug");
    await page.getByRole("dialog").getByRole("button", { name: en.gallery.save }).click();
    const renamed = page.getByRole("link", { name: "Blue mug" });
    await renamed.waitFor();

    await page.getByRole("button", { name: en.gallery.actions.replace("{name}", "Blue mug") }).click();
    await page.getByRole("menuitem", { name: en.gallery.delete }).click();
    const undo = page.getByRole("button", { name: en.app.undo });
    await renamed.waitFor({ state: "detached" });
    await undo.click();
    await renamed.waitFor();
    await page.reload();
    await renamed.waitFor();
    assert.deepEqual(visit.problems, []);
  });

  it("has its messages read and closed without a pointer", async () => {
    const { page, context } = await browser.newPage({ width: 1280, height: 860 });
    await page.goto(`${server.url}/models`);
    await keepMessages(page);
    const remove = async (name: string) => {
      await page.getByRole("button", { name: en.gallery.actions.replace("{name}", name) }).click();
      await page.getByRole("menuitem", { name: en.gallery.delete }).click();
    };
    const messages = page.getByRole("region", { name: en.app.messages, exact: true });
    const closeOf = (message: Locator) => message.getByRole("button", { name: en.app.close, exact: true });
    await remove("chair");
    const done = messages.getByRole("dialog", { name: en.gallery.deleted.replace("{name}", "chair") });
    await closeOf(done).waitFor();
    await assertAccessible(page, "a message");

    await page.route("**/api/v1/models/*", (route) => route.abort());
    await remove("Blue mug");
    const failed = messages.getByRole("alertdialog", { name: en.gallery.failed });
    await closeOf(failed).waitFor();
    await page.getByRole("alert").filter({ hasText: en.gallery.failed }).waitFor({ state: "attached" });
    assert.equal(await failed.getAttribute("aria-live"), "off", "an alert already says it");
    await assertAccessible(page, "a message of a failure");
    await closeOf(failed).press("Enter");
    await failed.waitFor({ state: "detached" });
    await page.unroute("**/api/v1/models/*");
    await done.getByRole("button", { name: en.app.undo, exact: true }).press("Enter");
    await page.getByRole("link", { name: "chair" }).waitFor();
    await context.close();
  });

  it("has a model made as STL for printing, and saves it", async () => {
    const { page } = visit;
    await page.getByRole("link", { name: "Blue mug" }).click();
    const row = page.getByRole("link", { name: new RegExp(`^${exportsEn.kinds.stl.name}\\b`) });
    const saved = page.waitForEvent("download");
    await row.click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), "Blue mug.stl");
    const { isWatertight, header } = readStl(await readFile(await file.path()));
    assert.ok(isWatertight);
    assert.match(header, /Blue mug/);
    await row.getByText(/B$/).waitFor();
    await assertAccessible(page, "the formats of a model");
    assert.deepEqual(visit.problems, []);
  });

  it("says that the connection is lost, and shows the models when it is back", async () => {
    const { page, context } = visit;
    await page.goto(`${server.url}/models`);
    await page.getByRole("link", { name: "Blue mug" }).waitFor();
    await context.setOffline(true);
    await page.getByText(en.app.offline).waitFor();
    await page.getByLabel(en.gallery.search).fill("blue");
    await page.getByText(en.gallery.loadFailed).waitFor();
    await assertAccessible(page, "without a connection");

    await context.setOffline(false);
    await page.getByRole("link", { name: "Blue mug" }).waitFor();
    assert.equal(await page.getByText(en.app.offline).count(), 0);
    assert.deepEqual(visit.outsideRequests, []);
  });
});
