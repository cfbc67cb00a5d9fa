import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { accountsEn as words } from "../../web/src/locales/accounts-en.ts";
import { accountsRu } from "../../web/src/locales/accounts-ru.ts";
import { adminRu } from "../../web/src/locales/admin-ru.ts";
import { en } from "../../web/src/locales/en.ts";
import { ru } from "../../web/src/locales/ru.ts";
import { systemEn } from "../../web/src/locales/system-en.ts";
import { systemRu } from "../../web/src/locales/system-ru.ts";
import { VIEWS, viewPath } from "../../web/src/pages/admin/system/system-paths.ts";
import { chooseFromMenu, fillSignIn } from "../support/account-visit.ts";
import { ADMIN_EMAIL, ADMIN_PASSWORD, type Member, makeMember } from "../support/accounts.ts";
import {
  type AdminVisit,
  assertAccessibleInBothThemes,
  assertNoProblems,
  button,
  openPhone,
  startAdminVisit,
} from "../support/admin-visit.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import type { TestPage } from "../support/browser.ts";
import { assertAccessible } from "../support/page-checks.ts";
import { walkBackups } from "./admin-system-backups.ts";
import { walkRussian } from "./admin-system-russian.ts";

const PROVIDER_KEY = "a-key-that-nobody-may-see";
const MESSAGE = "Back at noon <b>sharp</b>";

/** The page of operations on a real server, in a real browser; each step goes on from the one before it. */
describe("the page of operations", () => {
  const stack = new AsyncDisposableStack();
  let visit: AdminVisit;
  let app: TestApp;
  let member: Member;
  let admin: TestPage;
  let guest: TestPage;

  before(async () => {
    const env = {
      // The monitor looks soon after the start, and an hour later; what it or a check sees then stays in sight.
      MONITORING_INTERVAL: "3600",
      // A busy machine is no weak service.
      ALERT_THRESHOLD_RESPONSE_TIME: "600000",
      GENAPI_API_KEY: PROVIDER_KEY,
      GENAPI_BASE_URL: "http://127.0.0.1:9/api/v1",
    };
    visit = await startAdminVisit(stack, "/account", { env });
    ({ app, admin } = visit);
    member = await makeMember(app, "user");
    guest = await openPhone(visit);
  });
  after(() => stack.disposeAsync());

  it("shows the health of all services once somebody has looked, and what was made", async () => {
    const { page } = admin;
    await page.getByRole("heading", { name: words.menu.account }).first().waitFor();
    await chooseFromMenu(page, words, words.menu.system);
    await button(page, systemEn.health.check).press("Enter");
    const tiles = page.getByRole("list", { name: systemEn.health.services }).locator(":scope > li");
    for (const name of Object.values(systemEn.services))
      await tiles.filter({ has: page.getByRole("heading", { name, exact: true }) }).waitFor();
    await tiles.filter({ hasText: systemEn.services.database }).getByText(systemEn.states.healthy).waitFor();
    await tiles.filter({ hasText: systemEn.services.database }).getByRole("img").waitFor();
    await tiles.filter({ hasText: systemEn.services.cache }).getByText(systemEn.states.off).waitFor();
    await tiles.getByRole("meter", { name: systemEn.figures.diskPercent }).waitFor();
    await page.getByRole("radio", { name: systemEn.periods.week, exact: true }).press("Space");
    await tiles.getByText(systemEn.periods.week).first().waitFor();

    await page.locator("summary", { hasText: systemEn.work.all }).press("Enter");
    const head = page.getByRole("rowheader", { name: systemEn.work.rows.models, exact: true });
    const row = page.getByRole("row").filter({ has: head });
    assert.deepEqual(await row.getByRole("cell").allTextContents(), ["1", "1"]);
    await assertAccessibleInBothThemes(page, "the overview");
    assertNoProblems(admin);
  });

  it("stops the monitor and the clearing up, for all replicas, and starts them again", async () => {
    const { page } = admin;
    const monitor = page.getByRole("switch", { name: systemEn.health.monitor });
    await monitor.press("Space");
    await page.getByRole("switch", { name: systemEn.health.monitor, checked: false }).waitFor();
    assert.equal(app.context.switches.get("monitor").running, false);
    await page.getByRole("link", { name: systemEn.views.control, exact: true }).press("Enter");
    const named = (name: keyof typeof systemEn.processes.names, checked: boolean) =>
      page.getByRole("switch", { name: systemEn.processes.names[name], checked });
    // The page shows at once what is only on its way; a reload would cut that off.
    const started = page.waitForResponse(/\/processes\/monitor\/start$/);
    await named("monitor", false).click();
    await named("monitor", true).waitFor();
    const stopped = page.waitForResponse(/\/processes\/housekeeping\/stop$/);
    await named("housekeeping", true).click();
    await named("housekeeping", false).waitFor();
    assert.deepEqual([(await started).status(), (await stopped).status()], [200, 200]);
    await page.reload();
    await named("housekeeping", false).waitFor();
    await named("monitor", true).waitFor();
    assert.equal(app.context.switches.get("housekeeping").running, false);
    assert.ok(await named("backupSchedule", false).isDisabled(), "the settings turn the schedule off");
    await button(page, systemEn.orphans.look).click();
    await page.getByText(systemEn.orphans.clean, { exact: true }).waitFor();
    await assertAccessibleInBothThemes(page, "the switches");
  });

  it("tells everybody of a maintenance, also who has not signed in, and why a change has to wait", async () => {
    const { page } = admin;
    await page.getByLabel(systemEn.maintenance.message, { exact: true }).fill(MESSAGE);
    await button(page, systemEn.maintenance.start).click();
    await page.getByRole("alertdialog").waitFor();
    await assertAccessible(page, "the question before a maintenance");
    await button(page, systemEn.maintenance.startNow).click();
    await page.getByText(systemEn.maintenance.isOn, { exact: true }).waitFor();
    const banner = (of: Page) => of.getByRole("status").filter({ hasText: MESSAGE }).first();
    await banner(page).waitFor();
    await assertAccessibleInBothThemes(page, "during maintenance");

    const phone = guest.page;
    await phone.goto(`${app.url}/account`);
    await banner(phone).waitFor();
    await assertAccessibleInBothThemes(phone, "the sign-in during maintenance");
    await fillSignIn(phone, accountsRu, member.email, member.password);
    const name = phone.getByLabel(accountsRu.fields.name, { exact: true });
    await name.fill("Катя");
    await name.press("Enter");
    await phone.getByRole("alert").filter({ hasText: MESSAGE }).waitFor();
    assert.equal(await phone.locator("b").count(), 0, "the message is text");

    await button(page, systemEn.maintenance.end).click();
    await banner(page).waitFor({ state: "detached" });
    await phone.reload();
    await name.fill("Катя");
    await name.press("Enter");
    await phone.getByText(accountsRu.profile.saved).waitFor();
    assert.equal(await banner(phone).count(), 0);
  });

  it("is not for everybody", async () => {
    const { page } = guest;
    await page.goto(`${app.url}/admin/system`);
    await page.getByText(adminRu.onlyAdmins, { exact: true }).waitFor();
    assert.equal(await page.getByRole("link", { name: systemRu.views.backups }).count(), 0);
    assert.equal(await page.getByRole("link", { name: accountsRu.menu.system }).count(), 0);
    await guest.context.clearCookies();
  });

  describe("with backups", () => walkBackups(() => visit));

  it("clears the cache by a pattern, and warms it up", async () => {
    const { page } = admin;
    await page.goto(`${app.url}${viewPath("cache")}`);
    await page.getByText(systemEn.cache.states.memory, { exact: true }).waitFor();
    await page.getByRole("meter", { name: "analytics" }).waitFor();
    await assertAccessibleInBothThemes(page, "the cache");
    await button(page, systemEn.cache.clear).click();
    await page.getByLabel(systemEn.cache.pattern, { exact: true }).fill("no such kind!");
    await button(page, systemEn.cache.clearNow).click();
    await page.getByText(systemEn.cache.patternWrong).waitFor();
    await page.getByLabel(systemEn.cache.pattern, { exact: true }).fill("analytics:*");
    await button(page, systemEn.cache.clearNow).click();
    await page.getByRole("dialog", { name: systemEn.cache.clearTitle }).waitFor({ state: "detached" });
    const asked = page.waitForResponse(/\/cache\/warm-up$/);
    await button(page, systemEn.cache.warmUp).click();
    assert.equal((await asked).status(), 200);
  });

  it("shows the log, less of it and more of it, and stands still when asked to", async () => {
    const { page } = admin;
    await page.goto(`${app.url}${viewPath("log")}`);
    const lines = page.getByRole("list", { name: systemEn.log.lines }).locator(":scope > li");
    await lines.first().waitFor();
    await assertAccessibleInBothThemes(page, "the log");
    await page.getByLabel(systemEn.log.level, { exact: true }).selectOption(systemEn.log.writes.warn);
    await page.getByText(systemEn.log.levelChosen, { exact: true }).waitFor();
    assert.equal(app.context.switches.get("logLevel"), "warn");
    await button(page, systemEn.log.pause).click();
    await button(page, systemEn.log.resume).waitFor();
    await page.getByLabel(systemEn.log.search, { exact: true }).fill("no line has this in it");
    await page.getByText(systemEn.log.none, { exact: true }).waitFor();
    await page.getByLabel(systemEn.log.level, { exact: true }).selectOption("");
    await page.getByText(systemEn.log.levelHint, { exact: true }).waitFor();
    assert.equal(app.context.switches.get("logLevel"), null);
  });

  it("shows the settings without their secrets", async () => {
    const { page } = admin;
    await page.goto(`${app.url}${viewPath("about")}`);
    await page.getByLabel(systemEn.settings.search, { exact: true }).fill("genapi_api_key");
    await page.getByText(systemEn.settings.secret, { exact: true }).waitFor();
    assert.equal((await page.content()).includes(PROVIDER_KEY), false);
    await assertAccessibleInBothThemes(page, "the settings");
    assertNoProblems(admin);
  });

  it("fits a phone, in Russian", async () => {
    const { page } = guest;
    await page.goto(`${app.url}/admin/system`);
    await fillSignIn(page, accountsRu, ADMIN_EMAIL, ADMIN_PASSWORD);
    await page.emulateMedia({ colorScheme: "dark" });
    for (const view of VIEWS) {
      await page.getByRole("link", { name: systemRu.views[view], exact: true }).click();
      await page.locator('nav [aria-current="page"]', { hasText: systemRu.views[view] }).waitFor();
      await page.locator("main h2").first().waitFor();
      await page.getByText(ru.app.loading).first().waitFor({ state: "detached" });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wider <= 0, `${view} is ${wider} pixels too wide`);
      await assertAccessible(page, `${view} on a phone`);
    }
    assertNoProblems(guest);
  });

  describe("in another language than the browser's", () => walkRussian(() => visit));

  it("is there for the local user of a server without accounts", async () => {
    await using local = await startTestApp();
    const { page, context, problems } = await visit.browser.newPage();
    await page.goto(local.url);
    await button(page, en.settings.title).click();
    await page.getByRole("link", { name: en.settings.server, exact: true }).click();
    await page.getByRole("heading", { name: systemEn.heading, level: 1 }).waitFor();
    await page.getByText(systemEn.health.monitorMissing, { exact: false }).waitFor();
    assert.ok(await page.getByRole("switch", { name: systemEn.health.monitor }).isDisabled());
    await page.getByText(systemEn.work.nothing, { exact: false }).waitFor();
    assert.deepEqual(problems, []);
    await context.close();
  });
});
