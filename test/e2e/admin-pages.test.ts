import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import { accountsEn as words } from "../../web/src/locales/accounts-en.ts";
import { accountsRu } from "../../web/src/locales/accounts-ru.ts";
import { adminEn } from "../../web/src/locales/admin-en.ts";
import { en } from "../../web/src/locales/en.ts";
import { keysEn } from "../../web/src/locales/keys-en.ts";
import { ru } from "../../web/src/locales/ru.ts";
import { teamEn } from "../../web/src/locales/team-en.ts";
import { teamRu } from "../../web/src/locales/team-ru.ts";
import { ADMIN_EMAIL } from "../support/accounts.ts";
import {
  type AdminVisit,
  assertAccessibleInBothThemes,
  assertNoProblems,
  button,
  filled,
  openPhone,
  startAdminVisit,
} from "../support/admin-visit.ts";
import type { TestApp } from "../support/app.ts";
import type { TestPage } from "../support/browser.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { assertAccessible, keepMessages } from "../support/page-checks.ts";

const GUEST = { name: "Катя", email: "kate@example.com", password: "девять рыжих лисиц спят" };

/** Keys, people and the audit log in a real browser; each step goes on from the one before it. */
describe("pages of keys and administrators", () => {
  const stack = new AsyncDisposableStack();
  let visit: AdminVisit;
  let app: TestApp;
  let admin: TestPage;
  let guest: TestPage;

  before(async () => {
    const fake = stack.adopt(await startFakeGenapi(), (part) => part.dispose());
    fake.accounts.set("key-of-the-administrator-1234", { balance: 250 });
    visit = await startAdminVisit(stack, "/account/keys", { fake });
    ({ app, admin } = visit);
  });
  after(() => stack.disposeAsync());

  it("make an API key that works until it is revoked", async () => {
    const { page } = admin;
    await page.getByText(keysEn.api.empty, { exact: true }).waitFor();
    await assertAccessibleInBothThemes(page, "no keys");
    await button(page, keysEn.api.add).press("Enter");
    await button(page, keysEn.form.submit).click();
    await page.locator('input[name="name"][aria-invalid="true"]').waitFor();
    await assertAccessible(page, "the form of a key, with an error");
    await page.getByLabel(keysEn.form.name, { exact: true }).fill("Shop");
    await page.getByLabel(keysEn.scopes.write, { exact: true }).check();
    await button(page, keysEn.form.submit).click();

    const shown = page.getByRole("alertdialog");
    const key = /p3d_\w{38}/.exec((await shown.locator("code").first().textContent())!)![0];
    await assertAccessibleInBothThemes(page, "the new key");
    await page.keyboard.press("Escape");
    assert.ok(await shown.isVisible(), "a slip does not close it");
    const call = () => app.request("/api/v1/models", { headers: { Authorization: `Bearer ${key}` } });
    const answer = await call();
    assert.equal(answer.status, 200);
    assert.deepEqual(
      ((await answer.json()) as { items: Model[] }).items.map(({ id }) => id),
      [visit.modelId],
    );

    await button(page, words.once.kept).click();
    await page.reload();
    const item = page.getByRole("list", { name: keysEn.api.list }).getByRole("listitem");
    await item.getByText(`${keysEn.scopes.read} · ${keysEn.scopes.write}`).waitFor();
    assert.equal((await page.content()).includes(key), false);
    await button(page, filled(keysEn.api.revokeThis, { name: "Shop" })).click();
    await page.getByRole("alertdialog").waitFor();
    await assertAccessible(page, "the question before a revocation");
    await button(page, keysEn.api.revokeConfirm).click();
    await page.getByText(keysEn.api.empty, { exact: true }).waitFor();
    assert.equal((await call()).status, 401);
  });

  it("keep one's own key of the provider, once the provider knows it", async () => {
    const { page } = admin;
    const field = page.getByLabel(keysEn.own.field, { exact: true });
    await field.fill("a-key-that-nobody-knows");
    await button(page, keysEn.own.save).click();
    await page.getByRole("alert").waitFor();
    await assertAccessibleInBothThemes(page, "a refused key");
    await field.fill("key-of-the-administrator-1234");
    await button(page, keysEn.own.save).click();
    await page.getByText(filled(keysEn.own.ends, { end: "…1234" })).waitFor();
    await page.getByText(filled(keysEn.own.balance, { balance: "250\u00a0₽" })).waitFor();
    await assertAccessibleInBothThemes(page, "an own key");
    assert.equal((await page.content()).includes("key-of-the-administrator"), false);
    assertNoProblems(admin);
  });

  it("invite somebody, who comes and only looks", async () => {
    const { page } = admin;
    await page.goto(`${app.url}/admin/users`);
    await button(page, adminEn.invitations.add).click();
    await page.getByLabel(words.roles.viewer, { exact: true }).check();
    await page.getByLabel(adminEn.invitations.email, { exact: true }).fill(GUEST.email);
    await assertAccessibleInBothThemes(page, "the form of an invitation");
    await button(page, adminEn.invitations.submit).click();
    const shown = page.getByRole("alertdialog");
    const link = /http\S+/.exec((await shown.locator("code").textContent())!)![0];
    await shown.getByRole("img", { name: adminEn.invitations.qr }).waitFor();
    await assertAccessible(page, "the link of an invitation");
    await button(page, words.once.kept).click();
    await page
      .getByRole("list", { name: adminEn.invitations.list })
      .getByText(GUEST.email, { exact: false })
      .waitFor();

    guest = await openPhone(visit);
    const phone = guest.page;
    await phone.goto(link);
    await phone.getByLabel(accountsRu.fields.name).fill(GUEST.name);
    await phone.getByLabel(accountsRu.fields.password, { exact: true }).fill(GUEST.password);
    await button(phone, accountsRu.invite.submit).click();
    await phone.getByText(teamRu.emptyTeam).waitFor();
    await phone.getByText(teamRu.viewerTitle).waitFor();
    assert.equal(await phone.getByRole("link", { name: ru.nav.create, exact: true }).count(), 0);
    await assertAccessibleInBothThemes(phone, "the models of a viewer");
    await page.reload();
    await page.getByRole("list", { name: adminEn.users.list }).getByText(GUEST.email).waitFor();
    await page.getByText(adminEn.invitations.empty).waitFor();
  });

  it("share a model with the team, which may look at it and no more", async () => {
    const { page } = admin;
    await page.goto(`${app.url}/models/${visit.modelId}`);
    await keepMessages(page);
    await page.getByRole("radio", { name: teamEn.forTeam, exact: true }).press("Space");
    await page.getByText(teamEn.nowTeam).waitFor();

    const phone = guest.page;
    await phone.reload();
    await phone.getByRole("link", { name: "Vase" }).click();
    await phone.getByText(teamRu.shared, { exact: true }).waitFor();
    await phone.getByText(teamRu.sharedByHint).waitFor();
    const editing = [teamRu.visibility, ru.gallery.delete];
    for (const name of editing) assert.equal(await phone.getByText(name, { exact: true }).count(), 0, name);
    await assertAccessible(phone, "a model of the team");
    await phone.goto(`${app.url}/webhooks`);
    await phone.getByText(teamRu.viewerWebhooks).waitFor();
    await assertAccessible(phone, "webhooks for a viewer");
  });

  it("change a role, which counts at once in the other browser", async () => {
    const { page } = admin;
    const phone = guest.page;
    await phone.goto(`${app.url}/models`);
    await phone.getByText(teamRu.viewerTitle).waitFor();
    await page.goto(`${app.url}/admin/users`);
    await button(page, filled(adminEn.users.actions, { name: GUEST.name })).click();
    await page.getByRole("menuitem", { name: adminEn.users.changeRole }).click();
    await page.getByLabel(words.roles.user, { exact: true }).check();
    await assertAccessibleInBothThemes(page, "the form of a role");
    await keepMessages(page);
    await button(page, adminEn.role.submit).click();
    await page.getByText(filled(adminEn.role.done, { name: GUEST.name, role: words.roles.user })).waitFor();
    await phone.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
    await phone.getByRole("link", { name: ru.nav.create, exact: true }).waitFor();
    assert.equal(await phone.getByText(teamRu.viewerTitle).count(), 0);

    await button(page, filled(adminEn.users.actions, { name: ADMIN_EMAIL })).click();
    await page.getByRole("menuitem", { name: adminEn.users.changeRole }).click();
    await page.getByLabel(words.roles.viewer, { exact: true }).check();
    await button(page, adminEn.role.submit).click();
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await assertAccessible(page, "the last administrator");
    await button(page, en.app.cancel).click();
    assertNoProblems(guest);
  });

  it("find all this in the audit log", async () => {
    const { page } = admin;
    await page.goto(`${app.url}/admin/audit`);
    const deeds = page.locator("main ol > li");
    const { deeds: said } = adminEn;
    for (const deed of [
      filled(said["api-key"].created, { name: "Shop" }),
      filled(said["api-key"].revoked, { name: "Shop" }),
      filled(said["provider-key"].saved, { provider: "GenAPI", end: "1234" }),
      filled(said.invitation.created, { email: GUEST.email, role: words.roles.viewer }),
      said.invitation.used,
      filled(said.model["visibility-changed"], {
        from: adminEn.visibility.private,
        to: adminEn.visibility.team,
      }),
      filled(adminEn.changes.role, {
        whom: GUEST.name,
        from: words.roles.viewer,
        to: words.roles.user,
      }),
    ]) {
      await deeds.filter({ hasText: deed }).first().waitFor();
    }
    await assertAccessibleInBothThemes(page, "the audit log");

    await page.getByLabel(adminEn.audit.kind, { exact: true }).selectOption(adminEn.kinds["api-key"]);
    await deeds.filter({ hasText: said.invitation.used }).first().waitFor({ state: "detached" });
    assert.equal(await deeds.count(), 2);
    await page.getByLabel(adminEn.audit.text, { exact: true }).fill("nothing like this");
    await page.getByText(adminEn.audit.none, { exact: true }).waitFor();
    await button(page, adminEn.audit.clear).click();
    await deeds.filter({ hasText: said.invitation.used }).first().waitFor();
    await page.getByLabel(adminEn.audit.to, { exact: true }).fill("2020-01-01");
    await page.getByText(adminEn.audit.none, { exact: true }).waitFor();
    await button(page, adminEn.audit.clear).click();

    await deeds.first().locator("summary").click();
    await deeds.first().locator("dl").waitFor();
    await assertAccessible(page, "a deed in detail");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: adminEn.audit.csv }).click();
    assert.match((await download).suggestedFilename(), /^audit-.*\.csv$/);
    assertNoProblems(admin);
  });

  it("turn an account off, on, and delete it once its address is typed", async () => {
    const { page } = admin;
    await page.goto(`${app.url}/admin/users`);
    const choose = async (item: string) => {
      await button(page, filled(adminEn.users.actions, { name: GUEST.name })).click();
      await page.getByRole("menuitem", { name: item }).click();
    };
    await choose(adminEn.users.turnOff);
    await button(page, adminEn.off.confirm).click();
    await page.getByText(adminEn.users.off, { exact: true }).waitFor();
    const phone = guest.page;
    await phone.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
    await phone.getByText(accountsRu.signIn.ended).waitFor();
    await phone.reload();
    await phone.getByText(accountsRu.signIn.ended).waitFor();
    await choose(adminEn.users.turnOn);
    await page.getByText(adminEn.users.off, { exact: true }).waitFor({ state: "detached" });
    await choose(adminEn.users.resetLink);
    await button(page, adminEn.reset.ask).click();
    assert.match((await page.getByRole("alertdialog").locator("code").textContent())!, /\/reset#\S{20}/);
    await button(page, words.once.kept).click();
    await choose(adminEn.users.delete);
    const typed = page.getByRole("dialog").getByRole("textbox");
    await typed.fill("somebody@example.com");
    await button(page, adminEn.remove.submit).click();
    await page.getByText(adminEn.remove.wrong).waitFor();
    await assertAccessibleInBothThemes(page, "the last question");
    await typed.fill(GUEST.email);
    await button(page, adminEn.remove.submit).click();
    await page
      .getByRole("list", { name: adminEn.users.list })
      .getByText(GUEST.email)
      .waitFor({ state: "detached" });
    assertNoProblems(admin);
  });
});
