import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import type { Share } from "../../server/contract/share.ts";
import { ATTEMPT_RULES } from "../../server/services/limits/attempts.ts";
import { accountsEn as words } from "../../web/src/locales/accounts-en.ts";
import { accountsRu } from "../../web/src/locales/accounts-ru.ts";
import { en } from "../../web/src/locales/en.ts";
import { ru } from "../../web/src/locales/ru.ts";
import { attack, fillSignIn, imagesAreShown, startForeignSite } from "../support/account-visit.ts";
import { ADMIN_EMAIL, ADMIN_PASSWORD, type Member, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { photoForm } from "../support/client.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";
import { assertAccessible } from "../support/page-checks.ts";

/** What Chromium writes to its console about answers that are wanted here. */
const REFUSED = /status of 4(01|03|10|22|29)/;
/** As many as are answered at once. */
const WRONG_TRIES = ATTEMPT_RULES["sign-in"].points;

describe("a browser that is signed in", () => {
  let app: TestApp;
  let browser: TestBrowser;
  let owner: Member;
  let model: Model;

  const readJson = async (path: string) => (await owner.request(path)).json();
  /** What the attacks would change. */
  const readAll = () =>
    Promise.all(
      ["models?owner=all&total=true", "invitations", "generations?owner=all", "auth/me"].map((path) =>
        readJson(`/api/v1/${path}`),
      ),
    );

  before(async () => {
    app = await startAccountsApp({ attemptRules: ATTEMPT_RULES, countsPatienceMs: 60_000 });
    browser = await launchBrowser();
    owner = await signIn(app);
    const body = photoForm(await makeSampleGlb(), { name: "Vase" }, "vase.glb", "file");
    model = (await (await owner.request("/api/v1/models", { method: "POST", body })).json()) as Model;
  });
  after(async () => {
    await browser?.close();
    await app?.dispose();
  });

  it("can't be used by a page of another site", async () => {
    const origin = app.url.replace("127.0.0.1", "localhost");
    const site = await startForeignSite(origin);
    const { page, context } = await browser.newPage();
    await page.goto(origin);
    await fillSignIn(page, words, ADMIN_EMAIL, ADMIN_PASSWORD);
    await page.locator('input[type="file"]').first().waitFor({ state: "attached" });
    const before = await readAll();
    const foreign = await context.newPage();
    const paths = ["logout-everywhere", "logout", "me", "password"].map((name) => `/api/v1/auth/${name}`);
    paths.push("/api/v1/invitations", `/api/v1/models/${model.id}`);
    // The first is of the same site, so that cookies travel with it; the second one is not.
    for (const host of ["localhost", "127.0.0.1"]) {
      await foreign.goto(`http://${host}:${site.port}/`);
      assert.deepEqual(await attack(foreign, origin, paths), [], `readable at ${host}`);
    }
    await site.dispose();
    assert.deepEqual(await readAll(), before);
    await page.reload();
    await page.getByRole("button", { name: words.menu.label.replace("{name}", ADMIN_EMAIL) }).waitFor();
    await context.close();
  });

  it("meets no breach of the content policy on any page", async () => {
    const { page, context, problems } = await browser.newPage();
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        console.error(`policy: ${violatedDirective} ${blockedURI}`),
      );
    });
    const shared = (await (
      await owner.send("POST", `/api/v1/models/${model.id}/shares`, {})
    ).json()) as Share;
    await page.goto(`${app.url}/sign-in`);
    await fillSignIn(page, words, ADMIN_EMAIL, ADMIN_PASSWORD);
    await page.locator('input[type="file"]').first().waitFor({ state: "attached" });
    const pages: [string, string][] = [
      ["/", 'input[type="file"]'],
      ["/models", 'main img[src*="/api/"]'],
      [`/models/${model.id}`, "canvas"],
      [`/compare?a=${model.id}`, "canvas"],
      ["/trash", "main h1"],
      ["/webhooks", "main h1"],
      ["/account", "main section li"],
      ["/account/keys", "main h2"],
      ["/admin/users", "main h1"],
      ["/admin/audit", "main h1"],
      ["/nowhere", "main h1"],
      ["/docs", ".info"],
      [`/s/${shared.token}`, "canvas"],
      [`/s/${shared.token}/embed`, "canvas"],
    ];
    for (const [address, content] of pages) {
      await page.goto(app.url + address);
      await page.locator(content).first().waitFor({ state: "attached" });
    }
    assert.deepEqual(
      problems.filter((line) => !REFUSED.test(line)),
      [],
    );
    await context.close();
  });

  it("is renewed by one of its tabs for all, also for one that learns late what the others have noted", async () => {
    const { page, context } = await browser.newPage();
    const renewals: number[] = [];
    context.on("response", (response) => {
      if (response.url().endsWith("/auth/refresh")) renewals.push(response.status());
    });
    await page.goto(`${app.url}/models`);
    await fillSignIn(page, words, ADMIN_EMAIL, ADMIN_PASSWORD);
    await imagesAreShown(page);
    const late = await context.newPage();
    await late.addInitScript(() => {
      const { getItem } = Storage.prototype;
      const known = new Map(Object.entries(localStorage));
      Storage.prototype.getItem = function (key) {
        return this === localStorage ? (known.get(key) ?? null) : getItem.call(this, key);
      };
    });
    const refused = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    await late.route(/\/api\/(?!.*auth\/refresh)/, async (route) => {
      const response = await route.fetch();
      if (response.status() === 401) refused.resolve();
      await told.promise;
      await route.fulfill({ response });
    });
    await context.clearCookies({ name: "p3d_access" });
    await late.goto(`${app.url}/models`);
    await refused.promise;
    await page.reload();
    await imagesAreShown(page);
    told.resolve();
    await imagesAreShown(late);
    assert.deepEqual(renewals, [200]);
    await context.close();
  });

  const visitors = [
    {
      name: "in English, in the light",
      a: words,
      tryAgain: en.app.tryAgain,
      language: "en-US",
      colorScheme: "light" as const,
    },
    {
      name: "in Russian, in the dark",
      a: accountsRu,
      tryAgain: ru.app.tryAgain,
      language: "ru-RU",
      colorScheme: "dark" as const,
    },
  ];
  for (const { name, a, tryAgain, language, colorScheme } of visitors) {
    it(`is not needed for the pages before a sign-in, ${name}`, async () => {
      const { page, context, problems } = await browser.newPage({
        width: 375,
        height: 740,
        language,
        colorScheme,
      });
      const secret = "a-secret-of-a-link-that-nobody-made";
      const headings: [string, string][] = [
        ["/forgot", a.forgot.heading],
        ["/register", a.register.heading],
        ["/reset", a.link.missing],
        [`/reset#${secret}`, a.reset.heading],
        [`/first-run#${secret}`, a.firstRun.heading],
        [`/invite#${secret}`, a.link.failed],
        [`/verify#${secret}`, a.link.failed],
        ["/models", a.signIn.heading],
      ];
      for (const [address, heading] of headings) {
        await page.goto("about:blank");
        await page.goto(app.url + address);
        await page.getByRole("heading", { level: 1, name: heading }).waitFor();
        assert.equal(await page.getByRole("button", { name: tryAgain }).count(), 0, address);
        await assertAccessible(page, address);
        const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(isWide, false, address);
      }
      const email = `nobody-${language}@example.com`;
      const statuses: number[] = [];
      for (let tries = 0; tries <= WRONG_TRIES; tries++) {
        const answer = page.waitForResponse(/auth\/login$/);
        await fillSignIn(page, a, email, `a guess, number ${tries}`);
        statuses.push((await answer).status());
        // Until the page has the whole answer too, it sends nothing more.
        await page.getByRole("button", { name: a.signIn.submit, exact: true, disabled: false }).waitFor();
      }
      assert.deepEqual(statuses, [...Array(WRONG_TRIES).fill(401), 429]);
      const wait = page.getByText(new RegExp(a.wait.split("{")[0]));
      await wait.last().waitFor();
      await assertAccessible(page, "too many attempts");
      assert.deepEqual(
        problems.filter((line) => !REFUSED.test(line)),
        [],
      );
      await context.close();
    });
  }
});
