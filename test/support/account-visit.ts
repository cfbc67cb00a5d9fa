import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import type { accountsEn } from "../../web/src/locales/accounts-en.ts";
import type { accountsRu } from "../../web/src/locales/accounts-ru.ts";

export type AccountWords = typeof accountsEn | typeof accountsRu;

/** What the page itself would ask of the server, with its cookies: status and JSON. */
export const ask = <T>(page: Page, method: string, path: string, body?: object) =>
  page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(path, {
        method,
        headers: { "Content-Type": "application/json", "X-Requested-With": "photo-to-3d" },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, json: (text ? JSON.parse(text) : null) as T };
    },
    [method, path, body] as const,
  );

export async function fillSignIn(page: Page, words: AccountWords, email: string, password: string) {
  await page.getByLabel(words.fields.email, { exact: true }).fill(email);
  await page.getByLabel(words.fields.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: words.signIn.submit, exact: true }).click();
}

/** The wrong field of this name has the focus, which moves there a moment after the field is marked. */
export const wrongFieldHasFocus = (page: Page, name: string) =>
  page.locator(`input[name="${name}"][aria-invalid="true"]:focus`).waitFor();

/** There are pictures of the server, and all of them are there; before the first one nothing can be said. */
export const imagesAreShown = (page: Page) =>
  page.waitForFunction(() => {
    const images = [...document.images].filter(({ src }) => src.includes("/api/"));
    return images.length > 0 && images.every(({ naturalWidth }) => naturalWidth > 0);
  });

/** Opens the menu with the person's name and chooses from it. */
export async function chooseFromMenu(page: Page, words: AccountWords, item: string) {
  await page.getByRole("button", { name: words.menu.label.replace("{name}", "") }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** A site of somebody else, whose page tries what it can on the product at `target`. */
export async function startForeignSite(target: string) {
  const html = `<!doctype html><title>Elsewhere</title>
<img src="${target}/api/v1/auth/logout">
<form id="form" method="post" action="${target}/api/v1/auth/logout-everywhere" target="frame"></form>
<form id="text" method="post" enctype="text/plain" action="${target}/api/v1/invitations" target="frame">
<input name='{"role":"admin","x":"' value='"}'></form>
<form id="upload" method="post" enctype="multipart/form-data" action="${target}/api/v1/generations" target="frame">
<input name="name" value="planted"></form>
<iframe name="frame"></iframe>`;
  const site = createServer((_request, response) =>
    response.setHeader("Content-Type", "text/html").end(html),
  );
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  return {
    port: (site.address() as AddressInfo).port,
    async dispose() {
      site.closeAllConnections();
      await new Promise((resolve) => site.close(resolve));
    },
  };
}

/** Sends everything that the foreign page can send; answers what of it was readable there. */
export const attack = (page: Page, target: string, paths: readonly string[]) =>
  page.evaluate(
    async ([target, paths]) => {
      const readable: string[] = [];
      const attempts: [string, RequestInit][] = paths.flatMap((path): [string, RequestInit][] => [
        [path, { method: "POST", mode: "no-cors", body: "{}" }],
        [path, { method: "POST", mode: "cors", body: "{}", headers: { "Content-Type": "application/json" } }],
        [path, { method: "DELETE", mode: "cors", headers: { "X-Requested-With": "photo-to-3d" } }],
      ]);
      for (const [path, init] of attempts) {
        const answer = await fetch(target + path, { ...init, credentials: "include" }).catch(() => null);
        if (answer && answer.type !== "opaque") readable.push(`${init.method} ${path}`);
      }
      const frame = document.querySelector("iframe")!;
      for (const form of document.querySelectorAll("form")) {
        const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
        form.submit();
        await loaded;
      }
      return readable;
    },
    [target, paths] as const,
  );
