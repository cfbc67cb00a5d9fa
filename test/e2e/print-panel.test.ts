import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import { deliveryEn } from "../../web/src/locales/delivery-en.ts";
import { printEn } from "../../web/src/locales/print-en.ts";
import { printRu } from "../../web/src/locales/print-ru.ts";
import { viewerEn } from "../../web/src/locales/viewer-en.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { photoForm } from "../support/client.ts";
import { readStl } from "../support/exports/read-stl.ts";
import { box, GlbBuilder } from "../support/make-glb.ts";
import { assertAccessible } from "../support/page-checks.ts";

describe("the print panel", () => {
  let app: TestApp;
  let browser: TestBrowser;
  let model: Model;

  before(async () => {
    app = await startTestApp();
    const builder = new GlbBuilder();
    builder.add(box([0.1, 0.1, 0.1], 5));
    const body = photoForm(await builder.build(), { name: "Open box" }, "box.glb", "file");
    model = (await (await app.request("/api/v1/models", { method: "POST", body })).json()) as Model;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await app?.dispose();
  });

  it("tells why a model doesn't print, repairs a copy and hands it over", async () => {
    const { page } = await browser.newPage({ width: 1280, height: 900 });
    await page.goto(`${app.url}/models/${model.id}`);
    await page.getByRole("button", { name: printEn.check }).click();
    await page.getByText(printEn.no).waitFor();
    await page.getByText(printEn.reasons["open-edges"].other.replace("{count}", "4")).waitFor();
    await assertAccessible(page, "the verdict");
    await page.getByRole("button", { name: printEn.repair }).press("Enter");
    await page.getByText(printEn.repairedYes).waitFor();
    await page.getByText("1 hole closed, 127 mm wide").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: printEn.download.stl }).click(),
    ]);
    assert.match(download.suggestedFilename(), /Open.box.*\.stl$/);
    const stl = readStl(await readFile(await download.path()));
    assert.ok(stl.isWatertight);
    assert.ok(Math.abs(stl.volume - 1e6) < 10);
  });

  it("stands beside files that are made smaller on demand, and that say why they don't come", async () => {
    const { page } = await browser.newPage({ width: 1280, height: 900 });
    await page.goto(`${app.url}/models/${model.id}`);
    const file = page.getByRole("region", { name: deliveryEn.title });
    const apply = file.getByRole("button", { name: deliveryEn.apply });
    await file.getByLabel(deliveryEn.label).selectOption("own");
    await apply.click();
    await file.getByText(deliveryEn.invalid).waitFor();
    await file.getByLabel(deliveryEn.own).fill("1,5");
    const change = page.waitForResponse((answer) => answer.request().method() === "PATCH");
    await apply.press("Enter");
    assert.equal((await change).status(), 200);
    await file.getByText(deliveryEn.made.split("{")[0]).waitFor();
    await assertAccessible(page, "the bound of the file");
    const { delivery } = (await (await app.request(`/api/v1/models/${model.id}`)).json()) as Model;
    assert.equal(delivery.maxBytes, 1_500_000);

    const problem = { code: "disk-full", detail: "There is no room left", retryable: true };
    const answer = { status: 507, contentType: "application/problem+json", body: JSON.stringify(problem) };
    await page.route("**/files/original.glb*", (route) => route.fulfill(answer));
    const link = page.getByRole("link", { name: viewerEn.model.downloads.original });
    await link.click();
    const alert = page.getByRole("alert").filter({ hasText: problem.detail });
    await alert.waitFor();
    await page.unroute("**/files/original.glb*");
    const [download] = await Promise.all([page.waitForEvent("download"), alert.getByRole("button").click()]);
    assert.match(download.suggestedFilename(), /Open.box.*\.glb$/);
  });

  it("speaks Russian on a phone in the dark", async () => {
    const options = { width: 375, height: 720, language: "ru-RU", colorScheme: "dark" } as const;
    const { page } = await browser.newPage(options);
    await page.goto(`${app.url}/models/${model.id}`);
    await page.getByRole("button", { name: printRu.repair }).click();
    await page.getByText(printRu.repairedYes).waitFor();
    await page.getByText("Закрыта 1 дыра шириной 127 мм").waitFor();
    await assertAccessible(page, "the repaired copy");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${wide} px stick out`);
  });
});
