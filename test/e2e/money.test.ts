import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { en } from "../../web/src/locales/en.ts";
import { moneyEn } from "../../web/src/locales/money-en.ts";
import { launchBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { BEHAVIOURS } from "../support/fake-genapi/behaviours.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { json } from "../support/fake-genapi/steps.ts";
import { assertAccessible } from "../support/page-checks.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { roomInTheDay } from "../support/utc-day.ts";

const MUG = path.resolve(import.meta.dirname, "../fixtures/photos/mug.jpg");
const CHAIR = path.resolve(import.meta.dirname, "../fixtures/photos/chair.jpg");

/** What a shopkeeper meets where models cost money; each step goes on from the one before it. */
describe("money", () => {
  let folder: string;
  let fake: FakeGenapi;
  let server: ServerProcess;
  let browser: TestBrowser;
  let visit: TestPage;

  before(async () => {
    await roomInTheDay();
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-money-"));
    fake = await startFakeGenapi();
    server = await startServer(folder, {
      GENAPI_API_KEY: fake.key,
      GENAPI_BASE_URL: `${fake.url}/api/v1`,
      GENAPI_USER_DAILY_GENERATIONS: "2",
    });
    browser = await launchBrowser();
    visit = await browser.newPage({ width: 1280, height: 860 });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await fake?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const choose = async (photo: string) => {
    await visit.page.goto(server.url);
    await visit.page.locator('input[type="file"]').first().setInputFiles(photo);
  };
  const send = () => visit.page.getByRole("button", { name: en.options.start.one, exact: true }).click();
  const text = (words: string) => visit.page.getByText(words);

  it("says the price, what is left and the balance before anything is sent", async () => {
    fake.script({ ...BEHAVIOURS["balance-too-low"], user: json(200, { balance: 1240 }) });
    await choose(MUG);
    await text(moneyEn.price.guess.replace("{price}", "17\u00a0₽")).waitFor();
    await text(moneyEn.leftModels.other.replace("{count}", "2")).waitFor();
    await text(moneyEn.balance.replace("{balance}", "1,240\u00a0₽")).waitFor();
    await assertAccessible(visit.page, "the price");
  });

  it("waits when the balance is empty, and goes on when a person says so", async () => {
    await send();
    await text("There is not enough money on the GenAPI account.").waitFor();
    await text(moneyEn.notYet.replace("{price}", "17\u00a0₽")).waitFor();
    await assertAccessible(visit.page, "a pause");
    fake.script(BEHAVIOURS.immediate);
    await visit.page.getByRole("button", { name: moneyEn.resume }).click();
    await visit.page.waitForURL(/\/models\//);
    assert.equal(fake.creates().length, 1);
  });

  it("points out the same photo before it is paid for again, and asks before a second charge", async () => {
    await choose(MUG);
    await send();
    await visit.page.getByRole("link", { name: en.upload.openEarlier }).waitFor();
    assert.equal(fake.creates().length, 1);
    fake.script({ create: BEHAVIOURS["create-reset"].create });
    await visit.page.getByRole("button", { name: en.upload.payAgain }).click();
    await text(en.generation.status["needs-confirmation"]).waitFor();
    await text("the first attempt may already be charged (about 17\u00a0₽)").waitFor();
    await assertAccessible(visit.page, "a decision");
    await visit.page.getByRole("button", { name: en.generation.cancel, exact: true }).click();
    await text(moneyEn.canceledMayCost.replace("{price}", "17\u00a0₽")).waitFor();
  });

  it("says when the day's limit is used up, and when it begins anew", async () => {
    await choose(CHAIR);
    await text(moneyEn.usedUp).waitFor();
    await send();
    await text("Your limit is 2 paid models a day, and all of them are used.").waitFor();
    await assertAccessible(visit.page, "a limit");
    assert.equal(fake.creates().length, 2);
    assert.deepEqual(visit.outsideRequests, []);
  });
});
