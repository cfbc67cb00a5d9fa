import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { systemEn } from "../../web/src/locales/system-en.ts";
import { ADMIN_PASSWORD } from "../support/accounts.ts";
import { type AdminVisit, button, filled, startAdminVisit } from "../support/admin-visit.ts";
import { listBackups, runToEnd } from "../support/backups.ts";
import { assertAccessible } from "../support/page-checks.ts";

const { backups: words } = systemEn;
const { restoring } = words;

const stack = new AsyncDisposableStack();
let visit: AdminVisit;
let identity: string;
before(async () => {
  identity = await generateIdentity();
  const env = { BACKUP_AGE_RECIPIENT: await identityToRecipient(identity) };
  visit = await startAdminVisit(stack, "/admin/system/backups", { env });
});
after(() => stack.disposeAsync());

it("restores an encrypted backup that nobody here has signed, by its key and with a tick, in sight", async () => {
  const { app, owner, admin } = visit;
  const { page } = admin;
  assert.equal((await runToEnd(owner, "/create", { verify: true })).state, "succeeded");
  const [{ filename: name }] = await listBackups(owner);
  // Without the secret key only the checksums can be compared, which takes nothing from what was proved.
  assert.equal((await runToEnd(owner, `/verify/${name}`)).state, "succeeded");
  await page.reload();
  const item = page.getByRole("list", { name: words.list }).locator(":scope > li");
  await item.getByText(words.verdicts.whole, { exact: true }).waitFor();
  await item.getByText(words.encrypted, { exact: true }).waitFor();

  const target = app.config.backup.target;
  assert.ok(target.kind === "folder");
  await rm(path.join(target.folder, name, "manifest.sig"));
  await page.reload();
  await item.getByText(words.foreign, { exact: true }).waitFor();
  await button(page, filled(words.actions, { name })).press("Enter");
  // The first item gets the focus a frame after the menu is there.
  await page.locator('[role="menuitem"]:focus').waitFor();
  await page.getByRole("menuitem", { name: words.restore }).press("Enter");
  const dialog = page.getByRole("dialog").filter({ has: page.locator("form") });
  await dialog.getByLabel(filled(restoring.confirm, { name }), { exact: true }).fill(name);
  await dialog.getByLabel(restoring.password, { exact: true }).fill(ADMIN_PASSWORD);
  const key = dialog.getByLabel(restoring.identity, { exact: true });
  await key.fill(await generateIdentity());
  await button(page, restoring.submit).click();
  await dialog.getByText(words.foreignUntrusted, { exact: true }).waitFor();
  await assertAccessible(page, "a backup that wants its tick");
  const tick = dialog.getByLabel(words.foreignTrusted, { exact: true });
  assert.ok(await tick.evaluate((box) => box === document.activeElement));
  await tick.press("Space");
  await button(page, restoring.submit).click();
  await dialog.locator('input[name="identity"][aria-invalid="true"]').waitFor();
  await key.fill(identity);
  // So low that the panel above the list is out of sight.
  await page.setViewportSize({ width: 1280, height: 400 });
  await button(page, restoring.submit).click();

  const keep = button(page, restoring.keep);
  await keep.waitFor();
  await dialog.waitFor({ state: "detached" });
  await page.waitForFunction((text) => {
    const found = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === text);
    const { top = -1, bottom = Infinity } = found?.getBoundingClientRect() ?? {};
    return top >= 0 && bottom <= innerHeight;
  }, restoring.keep);
  await keep.click();
  await dialog.getByLabel(filled(restoring.confirm, { name }), { exact: true }).fill(name);
  await dialog.getByLabel(restoring.password, { exact: true }).fill(ADMIN_PASSWORD);
  await button(page, restoring.keepNow).click();
  await keep.waitFor({ state: "detached" });
  // Whoever restored goes on; every other session is over.
  await page.reload();
  await item.getByText(words.encrypted, { exact: true }).waitFor();
  assert.equal((await owner.request("/api/v1/models")).status, 401);
});
