import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { it } from "node:test";
import type { Page } from "playwright-core";
import type { BackupList } from "../../server/contract/backup.ts";
import type { SystemHealth } from "../../server/contract/monitor.ts";
import type { RestoreStatus } from "../../server/contract/restore.ts";
import { en } from "../../web/src/locales/en.ts";
import { ru } from "../../web/src/locales/ru.ts";
import { systemEn } from "../../web/src/locales/system-en.ts";
import { systemRu } from "../../web/src/locales/system-ru.ts";
import { viewPath } from "../../web/src/pages/admin/system/system-paths.ts";
import { ADMIN_PASSWORD } from "../support/accounts.ts";
import { type AdminVisit, answerOf, button } from "../support/admin-visit.ts";
import { postBackup, runToEnd } from "../support/backups.ts";
import { until } from "../support/until.ts";

const RESTORE = "/api/system/backup/restore";

/** Three words of Latin letters in a row, as no Russian sentence has them; not code, nor what people typed. */
const englishOf = (page: Page) =>
  page.locator("main").evaluate((main) => {
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode as Text;
      if (/[a-z]+ [a-z]+ [a-z]+/i.test(data) && !parentElement?.closest("code, textarea")) found.push(data);
    }
    return found;
  });

const chooseLanguage = async (page: Page, settings: string, name: string) => {
  await button(page, settings).click();
  await page.getByRole("radio", { name, exact: true }).press("Space");
  await page.keyboard.press("Escape");
};

/** What the server says of a backup that was damaged and could not be restored, and of the provider. */
async function messages(visit: AdminVisit, language: "en" | "ru") {
  const { items } = await answerOf<BackupList>(visit, "/api/system/backup/list", language);
  const { failure } = await answerOf<RestoreStatus>(visit, RESTORE, language);
  const { services, alerts } = await answerOf<SystemHealth>(visit, "/api/system/health", language);
  const alert = alerts.find(({ service }) => service === "provider");
  const provider = services.find(({ service }) => service === "provider");
  assert.ok(failure && provider && items[0]?.verdict);
  return {
    detail: items[0].verdict.details[0]!,
    failure: failure.message,
    provider: alert?.title[language] ?? provider.message,
  };
}

/** Steps in Russian, chosen in a page whose browser asks for English; a backup is there, which is damaged here. */
export function walkRussian(visit: () => AdminVisit): void {
  it("words what the server says in the language that was chosen, as soon as it is chosen", async () => {
    const { app, owner, admin } = visit();
    const { page } = admin;
    const { items } = await answerOf<BackupList>(visit(), "/api/system/backup/list");
    const { filename } = items[0]!;
    const { target } = app.config.backup;
    assert.ok(target.kind === "folder");
    await writeFile(path.join(target.folder, filename, "database.sql.gz"), "nothing of it is left");
    await runToEnd(owner, `/verify/${filename}`);
    const asked = await postBackup(owner, `/restore/${filename}`, { password: ADMIN_PASSWORD });
    assert.equal(asked.status, 202, await asked.clone().text());
    await until("a restore that failed", async () => {
      const { state, failure } = await answerOf<RestoreStatus>(visit(), RESTORE);
      return state === "none" && failure !== null;
    });
    const english = await messages(visit(), "en");
    const russian = await messages(visit(), "ru");
    for (const name of ["detail", "failure", "provider"] as const) {
      assert.match(russian[name], /[а-я]/, name);
      assert.notEqual(russian[name], english[name], name);
    }

    await page.goto(`${app.url}${viewPath("backups")}`);
    await page.getByText(english.failure).first().waitFor();
    // A page out of sight asks nothing by the clock, which would bring the other language too.
    await page.evaluate(() => Object.defineProperty(document, "visibilityState", { value: "hidden" }));
    await chooseLanguage(page, en.settings.title, "Русский");
    await page.getByText(russian.failure).first().waitFor();
    await page.locator("summary", { hasText: systemRu.backups.details }).click();
    await page.locator("details li").getByText(russian.detail, { exact: true }).waitFor();
    assert.deepEqual(await englishOf(page), []);
    await page.getByRole("link", { name: systemRu.views.overview, exact: true }).click();
    await page.getByText(russian.provider).first().waitFor();
    for (const view of ["overview", "cache", "control", "about"] as const) {
      await page.getByRole("link", { name: systemRu.views[view], exact: true }).click();
      await page.locator("main h2").first().waitFor();
      await page.getByText(ru.app.loading).first().waitFor({ state: "detached" });
      assert.deepEqual(await englishOf(page), [], view);
    }

    // Chosen on another page, it counts for what this one remembers.
    await page.getByRole("link", { name: ru.nav.models, exact: true }).click();
    await chooseLanguage(page, ru.settings.title, "English");
    await page.goBack();
    await page.getByRole("link", { name: systemEn.views.overview, exact: true }).click();
    await page.getByText(english.provider).first().waitFor();
    await page.getByRole("link", { name: systemEn.views.backups, exact: true }).click();
    await page.getByText(english.failure).first().waitFor();
  });
}
