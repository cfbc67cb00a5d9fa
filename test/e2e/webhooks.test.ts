import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { BrowserContext, Request } from "playwright-core";
import { Webhook } from "standardwebhooks";
import { webhooksEn } from "../../web/src/locales/webhooks-en.ts";
import { webhooksRu } from "../../web/src/locales/webhooks-ru.ts";
import { launchBrowser, type PageOptions, type TestBrowser } from "../support/browser.ts";
import { type HeldRequests, holdRequests } from "../support/hold-requests.ts";
import { assertAccessible } from "../support/page-checks.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { type Receiver, startReceiver } from "../support/webhook-receiver.ts";

const VISITORS: { name: string; words: typeof webhooksEn | typeof webhooksRu; options: PageOptions }[] = [
  { name: "on a desktop, in English", words: webhooksEn, options: { width: 1280, height: 860 } },
  {
    name: "on a phone, in Russian, in the dark",
    words: webhooksRu,
    options: { width: 360, height: 740, language: "ru-RU", colorScheme: "dark", hasTouch: true },
  },
];

const LOG = /\/api\/v1\/webhooks\/[^/]+\/deliveries(\?|$)/;

/** Lets the log be asked for until its webhook has just been deleted: nothing may be asked of a webhook that is gone. */
async function holdLog(context: BrowserContext): Promise<HeldRequests> {
  const log = await holdRequests(context, LOG);
  const isOfLog = (request: Request) => LOG.test(request.url());
  const ends = [
    context.waitForEvent("requestfinished", isOfLog),
    context.waitForEvent("requestfailed", isOfLog),
  ];
  await context.route(/\/api\/v1\/webhooks\/[^/]+$/, async (route) => {
    if (route.request().method() !== "DELETE") return route.fallback();
    const response = await route.fetch();
    log.letGo();
    await Promise.race(ends);
    await route.fulfill({ response });
  });
  return log;
}

describe("webhooks on the page", () => {
  let folder: string;
  let server: ServerProcess;
  let browser: TestBrowser;
  let receiver: Receiver;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-webhooks-"));
    server = await startServer(folder, { WEBHOOK_ALLOWED_HOSTS: "127.0.0.1" });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.dispose());

  for (const { name, words, options } of VISITORS) {
    it(`are added, tested, read, paused and deleted ${name}`, async () => {
      const { page, context, problems } = await browser.newPage(options);
      const button = (label: string) => page.getByRole("button", { name: label, exact: true });
      await page.goto(`${server.url}/webhooks`);
      await page.getByRole("heading", { name: words.empty }).waitFor();
      await assertAccessible(page, "no webhooks");

      await button(words.add).press("Enter");
      await page.getByLabel(words.form.url).fill(`${receiver.url}/shop`);
      await assertAccessible(page, "the form");
      await page.keyboard.press("Enter");
      const shown = page.getByRole("alertdialog");
      const secret = /whsec_\S+/.exec((await shown.locator("code").textContent())!)![0];
      await assertAccessible(page, "the secret");
      await page.keyboard.press("Escape");
      assert.ok(await shown.isVisible(), "a slip does not close it");
      await button(words.secret.done).click();
      await shown.waitFor({ state: "detached" });

      await button(words.test).click();
      const [{ body, headers }] = await receiver.waitFor(1);
      new Webhook(secret).verify(body, headers as Record<string, string>);
      const health = words.healthParts.succeeded.replace("{count}", "1");
      await page.getByRole("img", { name: health }).waitFor();
      await assertAccessible(page, "the list");

      await page.getByRole("link", { name: words.log }).click();
      const message = page.getByRole("article", { name: words.events.ping }).last();
      await message.getByText(words.state.succeeded).waitFor();
      await message.getByRole("button", { name: words.deliveries.details }).click();
      await message.getByText(words.deliveries.answered.replace("{status}", "204")).waitFor();
      await message.getByText(words.deliveries.request).click();
      await message.getByText('"type": "webhook.ping"').waitFor();
      await assertAccessible(page, "the log");
      await message.getByRole("button", { name: words.deliveries.replay }).click();
      const [first, again] = await receiver.waitFor(2);
      assert.equal(again.headers["webhook-id"], first.headers["webhook-id"]);

      const url = `${receiver.url}/shop`;
      const openMenu = () => button(words.more.replace("{url}", url)).click();
      await openMenu();
      await page.getByRole("menuitem", { name: words.pause }).click();
      await page.getByText(words.pausedText).waitFor();
      await assertAccessible(page, "a paused webhook");
      const log = await holdLog(context);
      await button(words.enable).click();
      await log.asked;
      await page.getByText(words.pausedText).waitFor({ state: "detached" });

      await openMenu();
      await page.getByRole("menuitem", { name: words.remove }).click();
      await button(words.delete.confirm).click();
      await page.getByRole("heading", { name: words.empty }).waitFor();
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(isWide, false);
      assert.deepEqual(problems, []);
      await context.close();
    });
  }

  it("say at the field that an address is not possible, and in place that the list can't be had", async () => {
    const { page, context } = await browser.newPage();
    await page.goto(`${server.url}/webhooks`);
    await page.getByRole("button", { name: webhooksEn.add }).click();
    const field = page.getByLabel(webhooksEn.form.url);
    await field.fill("https://10.0.0.8/hook");
    await page.getByRole("button", { name: webhooksEn.form.save }).click();
    await page.getByText(/private network/).waitFor();
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await page.route("**/api/v1/webhooks?*", (route) => route.fulfill({ status: 500, body: "" }));
    await page.reload();
    await page.getByText(webhooksEn.loadFailed).waitFor();
    await page.unroute("**/api/v1/webhooks?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: webhooksEn.empty }).waitFor();
    await context.close();
  });
});
