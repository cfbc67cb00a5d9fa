import assert from "node:assert/strict";
import { it } from "node:test";
import { systemEn } from "../../web/src/locales/system-en.ts";
import { viewPath } from "../../web/src/pages/admin/system/system-paths.ts";
import { ADMIN_PASSWORD } from "../support/accounts.ts";
import {
  type AdminVisit,
  answerOf,
  assertAccessibleInBothThemes,
  assertNoProblems,
  button,
  filled,
} from "../support/admin-visit.ts";
import { untilStatus } from "../support/backups.ts";

/** Steps on the part of backups, from none to one that was restored and taken back; that one stays. */
export function walkBackups(visit: () => AdminVisit): void {
  it("shows a backup that is being made, and cancels it", async () => {
    const { page } = visit().admin;
    await page.goto(`${visit().app.url}${viewPath("backups")}`);
    await page.getByText(systemEn.backups.empty, { exact: true }).waitFor();
    await page.getByText(systemEn.backups.scheduleOff, { exact: false }).waitFor();
    await assertAccessibleInBothThemes(page, "no backups");
    const { backup } = visit().app.config;
    const pace = backup.bytesPerSecond;
    // So slow that it lasts until it is canceled.
    backup.bytesPerSecond = 1;
    await button(page, systemEn.backups.create).click();
    await page.getByRole("progressbar", { name: systemEn.backups.run.create }).waitFor();
    assert.ok(await button(page, systemEn.backups.create).isDisabled());
    await assertAccessibleInBothThemes(page, "a backup that is being made");
    await button(page, systemEn.backups.run.cancel).press("Enter");
    const { last } = await untilStatus(
      visit().owner,
      ({ current, last }) => current === null && last !== null,
    );
    assert.equal(last?.state, "canceled");
    backup.bytesPerSecond = pace;
    await button(page, systemEn.backups.create).and(page.locator(":enabled")).waitFor();
    await page.getByText(systemEn.backups.empty, { exact: true }).waitFor();
    assertNoProblems(visit().admin);
  });

  it("makes a backup, proves it, and hands it out", async () => {
    const { page } = visit().admin;
    await button(page, systemEn.backups.create).click();
    const item = page.getByRole("list", { name: systemEn.backups.list }).locator(":scope > li");
    await item.getByText(systemEn.backups.verdicts.whole, { exact: true }).waitFor();
    await item.getByText(systemEn.backups.lastProved, { exact: true }).waitFor();
    await assertAccessibleInBothThemes(page, "a backup");
    const name = (await item.locator("code").first().textContent())!;
    const menu = button(page, filled(systemEn.backups.actions, { name }));
    await menu.press("Enter");
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: systemEn.backups.download }).click();
    assert.equal((await download).suggestedFilename(), `photo-to-3d-${name}.zip`);
  });

  it("restores it only for who types its name and knows the password, and goes back", async () => {
    const { page } = visit().admin;
    const item = page.getByRole("list", { name: systemEn.backups.list }).locator(":scope > li");
    const name = (await item.locator("code").first().textContent())!;
    await button(page, filled(systemEn.backups.actions, { name })).click();
    await page.getByRole("menuitem", { name: systemEn.backups.restore }).click();
    const { restoring } = systemEn.backups;
    // Messages that come and go are dialogs too.
    const dialog = page.getByRole("dialog").filter({ has: page.locator("form") });
    const typed = dialog.getByLabel(filled(restoring.confirm, { name }), { exact: true });
    const password = dialog.getByLabel(restoring.password, { exact: true });
    await button(page, restoring.submit).click();
    await dialog.getByText(restoring.wrong).waitFor();
    await dialog.getByText(restoring.passwordMissing).waitFor();
    await assertAccessibleInBothThemes(page, "the question before a restore");
    await typed.fill(name);
    await password.fill("not the password of the owner");
    await button(page, restoring.submit).click();
    await dialog.locator('input[name="password"][aria-invalid="true"]').waitFor();
    await password.fill(ADMIN_PASSWORD);
    await button(page, restoring.submit).click();

    await page.getByText(filled(restoring.restored, { name }), { exact: true }).waitFor();
    await assertAccessibleInBothThemes(page, "a restored backup that waits for a decision");
    await button(page, restoring.undo).click();
    await typed.fill(name);
    await password.fill(ADMIN_PASSWORD);
    await button(page, restoring.undoNow).click();
    await dialog.waitFor({ state: "detached" });
    await button(page, restoring.undo).waitFor({ state: "detached" });
    assert.equal((await answerOf<{ state: string }>(visit(), "/api/system/backup/restore")).state, "none");
    const { items } = await answerOf<{ items: { name: string }[] }>(visit(), "/api/v1/models");
    assert.deepEqual(
      items.map((model) => model.name),
      ["Vase"],
    );
  });
}
