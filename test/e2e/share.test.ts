import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import jsqr from "jsqr";
import type { Locator, Page } from "playwright-core";
import sharp from "sharp";
import type { Model } from "../../server/contract/model.ts";
import type { Share } from "../../server/contract/share.ts";
import { sharingEn } from "../../web/src/locales/sharing-en.ts";
import { sharingRu } from "../../web/src/locales/sharing-ru.ts";
import { shareEn } from "../../web/src/share/share-en.ts";
import { shareRu } from "../../web/src/share/share-ru.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { photoForm } from "../support/client.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";
import { installFakeXr, type XrRequest } from "../support/fake-xr.ts";
import { holdRequests } from "../support/hold-requests.ts";
import { assertAccessible, countColours, pictureWhere } from "../support/page-checks.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { openVisitor, PUBLIC_URL } from "../support/share-visit.ts";

const NAME = "Ваза «Осло»; №1 & co";

describe("share links in a browser", () => {
  let folder: string;
  let server: ServerProcess;
  let browser: TestBrowser;
  let model: Model;
  let other: Model;

  const post = async <T>(address: string, body: object | FormData): Promise<T> => {
    const isForm = body instanceof FormData;
    const response = await fetch(server.url + address, {
      method: "POST",
      body: isForm ? body : JSON.stringify(body),
      ...(!isForm && { headers: { "Content-Type": "application/json" } }),
    });
    assert.equal(response.status, 201, await response.clone().text());
    return (await response.json()) as T;
  };
  const share = (body: object = {}) => post<Share>(`/api/v1/models/${model.id}/shares`, body);

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-share-"));
    server = await startServer(folder, { PUBLIC_URL });
    browser = await launchBrowser();
    const glb = await makeSampleGlb();
    model = await post("/api/v1/models", photoForm(glb, { name: NAME }, "vase.glb", "file"));
    other = await post("/api/v1/models", photoForm(glb, { name: "Second vase" }, "vase.glb", "file"));
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("are made in the dialog, show the model to anyone, and end when they are revoked", async () => {
    const owner = await browser.newPage({ width: 1000, height: 700 });
    const dialog = owner.page.getByRole("dialog");
    const press = (words: string) => dialog.getByRole("button", { name: words, exact: true }).click();
    await owner.page.goto(`${server.url}/models/${model.id}`);
    await owner.page.getByRole("button", { name: sharingEn.share, exact: true }).click();
    await dialog.getByLabel(sharingEn.expires).selectOption("7");
    await press(sharingEn.create);
    const url = await dialog.getByRole("textbox", { name: sharingEn.link }).inputValue();
    assert.ok(url.startsWith(`${PUBLIC_URL}/s/`));
    await press(sharingEn.qr);
    assert.equal(await readQr(dialog.getByRole("img", { name: sharingEn.qrAlt })), url);
    await assertAccessible(owner.page, "the dialog of links");

    const visitor = await openVisitor(browser, server.url, { width: 1000, height: 640 });
    const viewer = await holdRequests(visitor.context, /\/mount-viewer[^/]*\.js$/);
    await visitor.page.goto(url);
    await visitor.page.getByRole("heading", { level: 1, name: NAME }).waitFor();
    await viewer.asked;
    await visitor.page.getByRole("img", { name: shareEn.poster.replace("{name}", NAME) }).waitFor();
    viewer.letGo();
    assert.match(
      (await visitor.page.locator(".size").textContent()) ?? "",
      /\d+([.,]\d+)? × \d+([.,]\d+)? × \d+([.,]\d+)? cm/,
    );
    await waitUntilDrawn(visitor.page);
    assert.equal(await readQr(visitor.page.getByRole("img", { name: shareEn.qr })), url);
    await assertAccessible(visitor.page, "the share page");
    await visitor.page.getByRole("button", { name: shareEn.language }).click();
    await visitor.page
      .getByRole("button", { name: shareEn.theme })
      .or(visitor.page.getByRole("button", { name: shareRu.theme }))
      .click();
    await visitor.page.getByRole("heading", { name: shareRu.scanTitle }).waitFor();
    assert.ok(await visitor.page.locator("canvas").isVisible(), "the viewer outlives a change of language");
    await assertAccessible(visitor.page, "the share page, Russian, dark");
    assert.deepEqual(visitor.problems, []);

    await press(sharingEn.revoke);
    const question = owner.page.getByRole("alertdialog");
    await question.waitFor();
    await assertAccessible(owner.page, "the question");
    await question.getByRole("button", { name: sharingEn.revoke, exact: true }).click();
    await dialog.getByRole("textbox", { name: sharingEn.link }).waitFor({ state: "detached" });
    assert.deepEqual(owner.problems, []);
    const answer = await visitor.page.reload();
    assert.equal(answer?.status(), 404);
    await visitor.page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await visitor.page.locator("canvas").count(), 0);
    await Promise.all([owner.context.close(), visitor.context.close()]);
  });

  it("open Quick Look on an iPhone, at true size, with a real address", async () => {
    const { url } = await share();
    const { page, context, problems } = await openVisitor(browser, server.url, {
      phone: "iphone",
      language: "ru-RU",
      colorScheme: "dark",
    });
    await page.goto(url);
    const link = page.getByRole("link", { name: shareRu.ar.button });
    const [href, rel, first] = await link.evaluate((a: HTMLAnchorElement) => [
      a.href,
      a.rel,
      a.firstElementChild?.tagName,
    ]);
    assert.equal(rel, "ar");
    assert.equal(first, "IMG");
    assert.match(
      href ?? "",
      /^https:\/\/shop\.example\.com\/s\/[^/]+\/model\.usdz[^#]*#allowsContentScaling=0$/,
    );
    await expectFile(href!, "model/vnd.usdz+zip");
    await assertAccessible(page, "on an iPhone");
    assert.equal(await isTooWide(page), false);
    assert.deepEqual(problems, []);
    await context.close();
  });

  it("open Scene Viewer on Android, at true size, with a file that it can fetch", async () => {
    const { url } = await share();
    const { page, context, problems } = await openVisitor(browser, server.url, {
      phone: "android",
      language: "ru-RU",
    });
    await page.goto(url);
    const intent = await page.getByRole("link", { name: shareRu.ar.button }).getAttribute("href");
    const { searchParams } = new URL(intent!.split("#Intent;")[0].replace("intent:", "https:"));
    assert.equal(searchParams.get("resizable"), "false");
    assert.equal(searchParams.get("title"), NAME);
    assert.ok(searchParams.get("file")!.startsWith(`${url}/ar.glb`));
    assert.ok(intent!.includes(`S.browser_fallback_url=${encodeURIComponent(`${url}#ar-failed`)};`));
    await expectFile(searchParams.get("file")!, "model/gltf-binary");
    await assertAccessible(page, "on Android");
    await page.goto(`${url}#ar-failed`);
    await page.reload();
    await page.getByText(shareRu.ar.failed).waitFor();
    assert.deepEqual(problems, []);
    await context.close();
  });

  it("say in an app's own browser, before the tap, that another one is needed", async () => {
    const { url } = await share();
    const { page, context } = await openVisitor(browser, server.url, { phone: "instagram" });
    await page.goto(url);
    const words = shareEn.ar.notes["in-app"].replace("{app}", "Instagram").replace("{browser}", "Chrome");
    await page.getByText(words).waitFor();
    await page.getByRole("button", { name: shareEn.show }).waitFor();
    assert.equal(await page.locator("canvas").count(), 0, "3D waits for a tap on a slow network");
    assert.equal(await page.getByText(shareEn.ar.button).count(), 0);
    await context.close();
  });

  it("stand the model into the room by WebXR, asking for the floor", async () => {
    const { url } = await share();
    const { page, context, problems } = await openVisitor(browser, server.url, { slow: true });
    await installFakeXr(context);
    await page.goto(url);
    await page.getByRole("button", { name: shareEn.ar.button }).click();
    const overlay = page.getByRole("dialog", { name: shareEn.ar.live.label });
    await overlay.getByText(shareEn.ar.live.tap).waitFor();
    const requests = await page.evaluate(() => (window as unknown as { xrRequests: XrRequest[] }).xrRequests);
    assert.deepEqual(requests, [{ mode: "immersive-ar", requiredFeatures: ["hit-test"], hasOverlay: true }]);
    await page.evaluate(() =>
      (window as unknown as { xrSession: EventTarget }).xrSession.dispatchEvent(new Event("select")),
    );
    await overlay.getByText(shareEn.ar.live.placed).waitFor();
    await assertAccessible(page, "in the room");
    await overlay.getByRole("button", { name: shareEn.ar.live.close }).click();
    await overlay.waitFor({ state: "detached" });
    assert.deepEqual(problems, []);
    await context.close();
  });

  it("show a gallery: posters, each opens its model, and back", async () => {
    const owner = await browser.newPage({
      width: 375,
      height: 740,
      language: "ru-RU",
      colorScheme: "dark",
      hasTouch: true,
    });
    const dialog = owner.page.getByRole("dialog");
    await owner.page.goto(`${server.url}/models`);
    await owner.page.getByRole("button", { name: sharingRu.share, exact: true }).click();
    await dialog.getByRole("button", { name: sharingRu.create, exact: true }).click();
    const url = await dialog.getByRole("textbox", { name: sharingRu.link }).inputValue();
    await assertAccessible(owner.page, "the dialog on a phone");
    assert.equal(await isTooWide(owner.page), false);
    await owner.context.close();

    const { page, context, problems } = await openVisitor(browser, server.url, { width: 375, height: 740 });
    await page.goto(url);
    await page.getByText(shareEn.count.other.replace("{count}", "2")).waitFor();
    await assertAccessible(page, "the gallery");
    await page.getByRole("link", { name: NAME }).press("Enter");
    await page.getByRole("heading", { level: 1, name: NAME }).waitFor();
    await page.locator("canvas").waitFor();
    await page.getByRole("link", { name: shareEn.all }).click();
    await page.getByRole("link", { name: other.name }).waitFor();
    assert.equal(await page.locator("canvas").count(), 0);
    assert.deepEqual(problems, []);
    await context.close();
  });

  it("are shown in a sandboxed frame by sites that may, and by no other", async () => {
    const shop = "https://furniture.example";
    const { embedUrl } = await share({ embedSites: [shop] });
    const { page, context } = await openVisitor(browser, server.url, { width: 600, height: 500 });
    const frame = `<iframe src="${embedUrl}" width="480" height="360" sandbox="allow-scripts allow-popups"></iframe>`;
    for (const site of [shop, "https://elsewhere.example"]) {
      await context.route(`${site}/`, (route) => route.fulfill({ contentType: "text/html", body: frame }));
    }
    await page.goto(`${shop}/`);
    const inside = page.frameLocator("iframe");
    await inside.getByText(NAME).waitFor();
    await inside.locator("canvas").waitFor();
    await waitUntilDrawn(page, inside.locator("canvas"));
    const full = inside.getByRole("link", { name: shareEn.full });
    assert.equal(await full.getAttribute("href"), embedUrl.replace("/embed", ""));
    await page.goto("https://elsewhere.example/", { waitUntil: "load" });
    while (!page.frame({ url: /^chrome-error:/ })) await page.waitForEvent("framenavigated");
    assert.equal(await inside.getByText(NAME).count(), 0);
    await context.close();
  });

  /** The same path of the running server answers with the whole file. */
  async function expectFile(address: string, mediaType: string): Promise<void> {
    const response = await fetch(address.replace(PUBLIC_URL, server.url).split("#")[0]);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), mediaType);
    assert.ok((await response.arrayBuffer()).byteLength > 10_000);
  }
});

const isTooWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

/** What a phone's camera would read from the picture. */
async function readQr(image: Locator): Promise<string | undefined> {
  const source = await image.getAttribute("src");
  const svg = decodeURIComponent(source!.slice(source!.indexOf(",") + 1));
  const { data, info } = await sharp(Buffer.from(svg))
    .resize(400)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return jsqr.default(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

const waitUntilDrawn = (page: Page, canvas = page.locator("canvas")) =>
  pictureWhere(canvas, (picture) => countColours(picture) > 40, "the model was not drawn");
