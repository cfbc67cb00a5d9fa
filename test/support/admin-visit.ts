import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { accountsEn } from "../../web/src/locales/accounts-en.ts";
import { fillSignIn } from "./account-visit.ts";
import { ADMIN_EMAIL, ADMIN_PASSWORD, type Member, signIn, startAccountsApp } from "./accounts.ts";
import type { TestApp } from "./app.ts";
import { launchBrowser, type TestBrowser, type TestPage } from "./browser.ts";
import { photoForm } from "./client.ts";
import { makeSampleGlb } from "./fake-genapi/sample-glb.ts";
import { assertAccessible } from "./page-checks.ts";

/** What Chromium writes to its console about answers that are wanted on the pages of administrators. */
const REFUSED = /status of 4(01|03|09|22)|status of 503/;

/** A server with accounts and one model, called Vase, of the administrator, who sits signed in at a browser. */
export interface AdminVisit {
  app: TestApp;
  browser: TestBrowser;
  /** The administrator as a program. */
  owner: Member;
  modelId: string;
  /** The administrator's page. */
  admin: TestPage;
}

/** Signs in at the page on `at`. What was started before something failed ends with `stack`. */
export async function startAdminVisit(
  stack: AsyncDisposableStack,
  at: string,
  options: Parameters<typeof startAccountsApp>[0],
): Promise<AdminVisit> {
  const app = stack.adopt(await startAccountsApp(options), (part) => part.dispose());
  const browser = stack.use(await launchBrowser());
  const owner = await signIn(app);
  const body = photoForm(await makeSampleGlb(), { name: "Vase" }, "vase.glb", "file");
  const made = await owner.request("/api/v1/models", { method: "POST", body });
  assert.equal(made.status, 201);
  const { id } = (await made.json()) as { id: string };
  const admin = await browser.newPage();
  await admin.page.goto(`${app.url}${at}`);
  await fillSignIn(admin.page, accountsEn, ADMIN_EMAIL, ADMIN_PASSWORD);
  return { app, browser, owner, modelId: id, admin };
}

/** JSON that the server answers the administrator, worded in this language. */
export async function answerOf<T>({ owner }: AdminVisit, path: string, language = "en"): Promise<T> {
  const answer = await owner.request(path, { headers: { "Accept-Language": language } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

/** A phone that asks for Russian. */
export const openPhone = ({ browser }: AdminVisit) =>
  browser.newPage({ width: 375, height: 740, language: "ru-RU", hasTouch: true });

/** Fills the places of a text. */
export const filled = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

export async function assertAccessibleInBothThemes(page: Page, where: string) {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await assertAccessible(page, `${where}, ${colorScheme}`);
  }
}

/** The page has said nothing to its console but what was refused on purpose. */
export const assertNoProblems = ({ problems }: TestPage) =>
  assert.deepEqual(
    problems.filter((line) => !REFUSED.test(line)),
    [],
  );
