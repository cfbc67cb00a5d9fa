import { after, before, describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { en } from "../../web/src/locales/en.ts";
import { viewerEn } from "../../web/src/locales/viewer-en.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { photoForm } from "../support/client.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";
import { holdFrames, letFramesGo, makeFramesHoldable } from "../support/hold-frames.ts";
import { holdRequests } from "../support/hold-requests.ts";
import { assertAccessible } from "../support/page-checks.ts";

/** States that nobody sees for long, held so that they can be looked at. */
describe("views between two states", () => {
  let app: TestApp;
  let browser: TestBrowser;
  let id: string;

  before(async () => {
    app = await startTestApp();
    const body = photoForm(await makeSampleGlb(), { name: "Vase" }, "vase.glb", "file");
    ({ id } = await (await app.request("/api/v1/models", { method: "POST", body })).json());
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await app?.dispose();
  });

  async function visit(path: string): Promise<Page> {
    const { page, context } = await browser.newPage();
    await makeFramesHoldable(context);
    await page.goto(app.url + path);
    return page;
  }

  /** A popup on its way in and on its way out; Enter on `opener` opens it. */
  async function walk(page: Page, name: string, opener: Locator, popup: Locator): Promise<void> {
    await opener.waitFor();
    await holdFrames(page);
    await opener.press("Enter");
    await popup.waitFor();
    await assertAccessible(page, `${name}, coming`);
    await letFramesGo(page);
    await popup.and(page.locator(":not([data-starting-style])")).waitFor();
    await assertAccessible(page, name);
    await holdFrames(page);
    await page.keyboard.press("Escape");
    await popup.and(page.locator("[data-ending-style], [data-closed]")).waitFor({ state: "attached" });
    await assertAccessible(page, `${name}, going`);
    await letFramesGo(page);
    await popup.waitFor({ state: "detached" });
    await assertAccessible(page, `${name}, gone`);
  }
  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

  it("open and close in the header", async () => {
    const page = await visit("/models");
    await walk(page, "settings", button(page, en.settings.title), page.getByRole("dialog"));
    await page.context().close();
  });

  it("open and close in a list", async () => {
    const page = await visit("/models");
    const actions = button(page, en.gallery.actions.replace("{name}", "Vase"));
    await walk(page, "a menu", actions, page.getByRole("menu"));
    await page.context().close();
  });

  it("open and close in the viewer", async () => {
    const page = await visit(`/models/${id}`);
    await page.locator("[data-drawn]").waitFor();
    await walk(page, "choices", button(page, viewerEn.viewer.screenshot), page.getByRole("dialog"));
    await walk(page, "help", button(page, viewerEn.viewer.help), page.getByRole("dialog"));
    await page.context().close();
  });

  it("show what was found before until the next is found", async () => {
    const page = await visit("/models");
    await page.getByRole("link", { name: "Vase" }).waitFor();
    const search = await holdRequests(page.context(), /\/api\/v1\/models\?.*q=nothing/);
    await page.getByLabel(en.gallery.search).fill("nothing");
    await search.asked;
    await page.getByRole("link", { name: "Vase" }).waitFor();
    await assertAccessible(page, "a list that is asked for anew");
    search.letGo();
    await page.getByText(en.gallery.noneFound).waitFor();
    await page.context().close();
  });
});
