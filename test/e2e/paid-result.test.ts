import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import { en } from "../../web/src/locales/en.ts";
import { moneyEn } from "../../web/src/locales/money-en.ts";
import { viewerEn } from "../../web/src/locales/viewer-en.ts";
import { finishedWith } from "../support/bad-results.ts";
import { launchBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { photoForm } from "../support/client.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import type { Step } from "../support/fake-genapi/steps.ts";
import { holdRequests } from "../support/hold-requests.ts";
import { boxGlb } from "../support/make-glb.ts";
import { assertAccessible } from "../support/page-checks.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { until } from "../support/until.ts";

const MUG = path.resolve(import.meta.dirname, "../fixtures/photos/mug.jpg");

/** What a person sees of paid results that are not as they should be. */
describe("a paid result that is no good", () => {
  let folder: string;
  let fake: FakeGenapi;
  let server: ServerProcess;
  let browser: TestBrowser;
  let visit: TestPage;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-result-"));
    fake = await startFakeGenapi();
    server = await startServer(folder, {
      GENAPI_API_KEY: fake.key,
      GENAPI_BASE_URL: `${fake.url}/api/v1`,
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

  /** Shows a generation at work, which ends only then: who comes to one that has ended is not taken to its model. */
  async function open({ polls = [], ...behaviour }: Behaviour): Promise<void> {
    const seen = Promise.withResolvers<void>();
    const afterwards =
      (step: Step): Step =>
      async (call) => {
        await seen.promise;
        return step(call);
      };
    fake.script({ ...behaviour, polls: polls.map(afterwards) });
    const body = photoForm(await readFile(MUG));
    const posted = await fetch(`${server.url}/api/v1/generations`, { method: "POST", body });
    const { id } = (await posted.json()) as Generation;
    await visit.page.goto(`${server.url}/generations/${id}`);
    await visit.page.getByRole("progressbar").waitFor();
    seen.resolve();
  }
  /** The next that the page hears of its generation is the end of it; the answer to the retry is lost on its way. */
  async function hearNothingUntilThereIsAModel(): Promise<void> {
    const { page, context } = visit;
    const id = page.url().split("/").at(-1);
    const feed = await holdRequests(context, /\/generations\/events/);
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await feed.asked;
    const news = await holdRequests(context, /\/generations\/[0-9a-f-]{36}$/);
    await page.route("**/retry", async (route) => {
      await route.fetch();
      await until("a model", async () => {
        const answer = await fetch(`${server.url}/api/v1/generations/${id}`);
        return ((await answer.json()) as Generation).status === "succeeded";
      });
      await route.abort();
      news.letGo();
      feed.letGo();
    });
  }
  const button = (name: string) => visit.page.getByRole("button", { name, exact: true });

  it("is fetched again for free before another one may cost, and leads to its model also where no word came in between", async () => {
    const good = await boxGlb([0.3, 0.4, 0.3]);
    const broken = good.subarray(0, 300);
    await open(finishedWith(broken, broken, broken, broken, good));
    await button(en.generation.fetchAgain).waitFor();
    await visit.page.getByText(en.generation.fetchHint).waitFor();
    await visit.page.getByText(moneyEn.damaged).waitFor();
    await assertAccessible(visit.page, "a result that was refused");
    await button(en.generation.fetchAgain).click();
    await button(en.generation.payAgain).waitFor();
    assert.equal(fake.creates().length, 1);
    fake.script(finishedWith(good));
    // Whoever comes back to it has not seen it at work.
    await visit.page.reload();
    await button(en.generation.payAgain).waitFor();
    await hearNothingUntilThereIsAModel();
    await button(en.generation.payAgain).click();
    await visit.page.waitForURL(/\/models\//);
    assert.equal(fake.creates().length, 2);
  });

  it("is called a poster where it is flat", async () => {
    await open(finishedWith(await boxGlb([1, 0.7, 0.005])));
    await visit.page.waitForURL(/\/models\//);
    await visit.page.getByText(viewerEn.model.remarks.flat.title).waitFor();
    await visit.page.getByText(viewerEn.model.remarks.flat.text).waitFor();
  });
});
