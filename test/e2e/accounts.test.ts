import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { z } from "zod";
import type { SessionList } from "../../server/contract/account.ts";
import type { ResetLink, UserPage } from "../../server/contract/user.ts";
import { accountsEn as words } from "../../web/src/locales/accounts-en.ts";
import { accountsRu } from "../../web/src/locales/accounts-ru.ts";
import { en } from "../../web/src/locales/en.ts";
import { ru } from "../../web/src/locales/ru.ts";
import {
  ask,
  chooseFromMenu,
  fillSignIn,
  imagesAreShown,
  wrongFieldHasFocus,
} from "../support/account-visit.ts";
import { launchBrowser, type PageOptions, type TestBrowser, type TestPage } from "../support/browser.ts";
import { holdRequests } from "../support/hold-requests.ts";
import { assertAccessible } from "../support/page-checks.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";

const PHOTO = path.resolve(import.meta.dirname, "../fixtures/photos/bear.jpg");
const ADMIN = { email: "ada@example.com", name: "Ada Admin", password: "seven blue kettles sing" };
const MEMBER = { email: "kate@example.com", name: "Катя Орлова", password: "девять рыжих лисиц спят" };
const SCREEN = { width: 375, height: 740, hasTouch: true };
const PHONE: PageOptions = { ...SCREEN, language: "ru-RU", colorScheme: "dark" };
/** What Chromium writes to its console about answers that are wanted here. */
const REFUSED = /status of 4(01|03|10|22)/;

/** People with accounts in real browsers; each step goes on from the one before it. */
describe("accounts", () => {
  let folder: string;
  let server: ServerProcess;
  let browser: TestBrowser;
  /** As the log names it. */
  let origin: string;
  let admin: TestPage;
  let member: TestPage;
  let modelPath: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-accounts-"));
    server = await startServer(folder, { AUTH: "on" });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const dropAccessCookie = ({ context }: TestPage) => context.clearCookies({ name: "p3d_access" });
  const noProblems = ({ problems }: TestPage) =>
    assert.deepEqual(
      problems.filter((line) => !REFUSED.test(line)),
      [],
    );

  it("begin with the link of the log", async () => {
    const log = await readFile(path.join(folder, "server.log"), "utf8");
    const link = /http:\S+\/first-run#\S+/.exec(log)![0].replace(/["\\].*$/, "");
    origin = new URL(link).origin;
    admin = await browser.newPage();
    const { page } = admin;
    await page.goto(`${origin}/models`);
    await page.getByText(words.signIn.firstRun).waitFor();
    await page.goto(link);
    await page.getByLabel(words.fields.name).fill(ADMIN.name);
    await page.getByLabel(words.fields.email, { exact: true }).fill(ADMIN.email);
    await page.getByLabel(words.fields.password, { exact: true }).fill("ada@example.com");
    await page.getByRole("button", { name: words.firstRun.submit }).click();
    await wrongFieldHasFocus(page, "password");
    await assertAccessible(page, "the first account, with an error");
    await page.getByLabel(words.fields.password, { exact: true }).fill(ADMIN.password);
    await page.getByRole("button", { name: words.firstRun.submit }).click();
    await page.getByRole("button", { name: words.menu.label.replace("{name}", ADMIN.name) }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/");
    await page.getByText(en.local.how).waitFor();
    await page.goto(link);
    await page.getByRole("heading", { name: en.create.heading }).waitFor();
    noProblems(admin);
  });

  it("grow by invitation; the new member makes a model, signs out and in again", async () => {
    const invited = await ask<{ url: string }>(admin.page, "POST", "/api/v1/invitations", {
      email: MEMBER.email,
      role: "user",
    });
    assert.equal(invited.status, 201, JSON.stringify(invited.json));
    member = await browser.newPage(PHONE);
    const { page } = member;
    await page.goto(invited.json.url);
    await page.getByText(accountsRu.roleHints.user).waitFor();
    const email = page.getByLabel(accountsRu.fields.email, { exact: true });
    assert.deepEqual([await email.inputValue(), await email.getAttribute("readonly")], [MEMBER.email, ""]);
    await assertAccessible(page, "the invitation");
    await page.getByLabel(accountsRu.fields.name).fill(MEMBER.name);
    await page.getByLabel(accountsRu.fields.password, { exact: true }).fill(MEMBER.password);
    await page.getByRole("button", { name: accountsRu.invite.submit }).click();
    await page.getByRole("button", { name: accountsRu.menu.label.replace("{name}", MEMBER.name) }).waitFor();
    await page.getByText(ru.local.notice).waitFor();
    assert.equal(await page.getByText(ru.local.how).count(), 0, "settings are for who runs the server");

    await page.locator('input[type="file"]').first().setInputFiles(PHOTO);
    await page.getByText(ru.options.draft, { exact: true }).click();
    await page.getByRole("button", { name: String(ru.options.start.one) }).click();
    await page.waitForURL(/\/models\/[0-9a-f-]{36}/, { timeout: 400_000 });
    modelPath = new URL(page.url()).pathname;
    const name = (await page.getByRole("heading", { level: 1 }).textContent())!;

    await chooseFromMenu(page, accountsRu, accountsRu.menu.signOut);
    await page.getByText(accountsRu.signIn.left).waitFor();
    await assertAccessible(page, "signed out");
    await page.goto(origin + modelPath);
    await fillSignIn(page, accountsRu, MEMBER.email, "не тот пароль совсем");
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByText(name).count(), 0);
    await fillSignIn(page, accountsRu, MEMBER.email, MEMBER.password);
    await page.getByRole("heading", { level: 1, name }).waitFor();
    assert.equal(new URL(page.url()).pathname, modelPath);
    noProblems(member);
  });

  it("meet no expired sign-in: requests, pictures and other tabs are mended unseen", async () => {
    const { page, context } = member;
    const refreshes: number[] = [];
    context.on("response", (response) => {
      if (response.url().endsWith("/auth/refresh")) refreshes.push(response.status());
    });
    await page.goto(`${origin}/models`);
    await imagesAreShown(page);
    const second = await context.newPage();
    await second.goto(`${origin}/models`);
    await imagesAreShown(second);

    await dropAccessCookie(member);
    await page.evaluate(() => {
      const image = document.createElement("img");
      image.src = `${document.querySelector<HTMLImageElement>('img[src*="/api/"]')!.src}&again=1`;
      document.body.append(image);
    });
    await imagesAreShown(page);
    assert.deepEqual(refreshes, [200]);

    await dropAccessCookie(member);
    await Promise.all([page.reload(), second.reload()]);
    await Promise.all([page, second].map(imagesAreShown));
    await page.getByRole("link", { name: "bear" }).first().waitFor();
    assert.deepEqual(refreshes, [200, 200], "one tab refreshes for both");

    // Before 15 minutes are over, without any request that was refused; by then no tab has renewed it of late.
    await second.close();
    await page.reload();
    await imagesAreShown(page);
    const renewed = page.waitForResponse((response) => response.url().endsWith("/auth/refresh"));
    await page.evaluate(() => {
      const note = JSON.parse(localStorage.getItem("photo-to-3d.session")!);
      localStorage.setItem(
        "photo-to-3d.session",
        JSON.stringify({ ...note, renewedAt: Date.now() - 660_000 }),
      );
      window.dispatchEvent(new Event("online"));
    });
    assert.equal((await renewed).status(), 200);
    noProblems(member);
  });

  it("end on a device that is signed out from another one, which keeps its photos", async () => {
    const laptop = await browser.newPage();
    const { page } = laptop;
    await page.goto(origin);
    await fillSignIn(page, words, MEMBER.email, MEMBER.password);
    await page.locator('input[type="file"]').first().setInputFiles(PHOTO);
    // The account's language is the page's now.
    const photo = page.getByRole("article");
    await photo.waitFor();

    const phone = member.page;
    await phone.goto(`${origin}/account`);
    const list = phone.getByRole("list", { name: accountsRu.sessions.list });
    await list.getByText(accountsRu.sessions.here).waitFor();
    await assertAccessible(phone, "the account");
    // The laptop finds out when it is next used, not before by itself: its next request waits for that.
    const news = await holdRequests(laptop.context, /\/api\//);
    await list.getByRole("button").first().click();
    await list.getByRole("button").waitFor({ state: "detached" });
    const { json } = await ask<{ items: unknown[] }>(phone, "GET", "/api/v1/auth/sessions");
    assert.equal(json.items.length, 1);

    await page.getByRole("link", { name: ru.nav.models, exact: true }).click();
    news.letGo();
    await page.getByText(accountsRu.signIn.ended).waitFor();
    await assertAccessible(page, "an ended sign-in");
    await fillSignIn(page, accountsRu, MEMBER.email, MEMBER.password);
    await page.getByRole("heading", { level: 1, name: ru.gallery.heading }).waitFor();
    await page.getByRole("link", { name: ru.nav.create, exact: true }).click();
    await photo.waitFor();
    noProblems(laptop);
    await laptop.context.close();
  });

  it("go on with a new name, a new password, and a link of the administrator", async () => {
    const { page } = member;
    await page.goto(`${origin}/account`);
    await page.getByLabel(accountsRu.fields.name).fill("Катерина");
    await page.getByRole("button", { name: accountsRu.profile.save }).click();
    await page.getByRole("button", { name: accountsRu.menu.label.replace("{name}", "Катерина") }).waitFor();
    const current = page.getByLabel(accountsRu.fields.currentPassword, { exact: true });
    const chosen = page.getByLabel(accountsRu.fields.newPassword, { exact: true });
    await current.fill("не тот пароль совсем");
    await chosen.fill("пять белых ворон летят");
    await page.getByRole("button", { name: accountsRu.password.submit }).click();
    await wrongFieldHasFocus(page, "currentPassword");
    await current.fill(MEMBER.password);
    await page.getByRole("button", { name: accountsRu.password.submit }).click();
    await page.getByText(accountsRu.password.changed).waitFor();
    const { json } = await ask<z.infer<typeof SessionList>>(page, "GET", "/api/v1/auth/sessions");
    assert.equal(json.items.length, 1);

    const users = await ask<z.infer<typeof UserPage>>(admin.page, "GET", "/api/v1/users");
    const { id } = users.json.items.find(({ email }) => email === MEMBER.email)!;
    const link = await ask<ResetLink>(admin.page, "POST", `/api/v1/users/${id}/reset-link`);
    await page.goto(link.json.url);
    await chosen.fill(MEMBER.password);
    await page.getByRole("button", { name: accountsRu.reset.submit }).click();
    await fillSignIn(page, accountsRu, MEMBER.email, MEMBER.password);
    await page.locator('input[type="file"]').first().waitFor({ state: "attached" });
    noProblems(member);
  });

  it("give all their data, and go with everything", async () => {
    const { page } = member;
    await page.goto(`${origin}/account`);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: accountsRu.privacy.export }).click();
    const zip = await readFile(await (await download).path());
    assert.equal(zip.subarray(0, 2).toString(), "PK");
    await page.getByRole("button", { name: accountsRu.delete.open }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await assertAccessible(page, "the last question");
    await dialog.getByLabel(accountsRu.fields.currentPassword, { exact: true }).fill(MEMBER.password);
    await dialog.getByRole("button", { name: accountsRu.delete.submit }).click();
    await dialog.getByText(accountsRu.delete.confirmWrong).waitFor();
    await dialog.getByRole("textbox").first().fill(MEMBER.email);
    await dialog.getByRole("button", { name: accountsRu.delete.submit }).click();
    await page.getByText(accountsRu.signIn.deleted).waitFor();
    const models = await ask<{ total: number }>(admin.page, "GET", "/api/v1/models?owner=all&total=true");
    assert.equal(models.json.total, 0);
    noProblems(member);
  });
});
