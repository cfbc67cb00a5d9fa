import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { startTestApp, type TestApp } from "../support/app.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { importBox, shareModel, sharePageFolder } from "../support/share-client.ts";

const PUBLIC_URL = "https://models.example";

/** Somebody's site on an origin of its own; `?frame=` shows that address in a frame. */
async function startSite(host: string) {
  const server = createServer((request, response) => {
    const frame = new URL(request.url!, "http://site").searchParams.get("frame") ?? "about:blank";
    response.setHeader("Content-Type", "text/html");
    response.end(
      `<!doctype html><title>A site</title><iframe src="${frame}" width="600" height="400"></iframe>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return { url, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

describe("an embed in a browser", () => {
  const stack = new AsyncDisposableStack();
  let app: TestApp;
  let browser: TestBrowser;
  let allowed: string;
  let refused: string;
  let token: string;

  before(async () => {
    const page = stack.use(await sharePageFolder());
    app = stack.use(await startTestApp({ pageFolder: page.folder, env: { PUBLIC_URL } }));
    allowed = stack.use(await startSite("127.0.0.1")).url;
    refused = stack.use(await startSite("127.0.0.1")).url;
    browser = stack.use(await launchBrowser());
    const model = await importBox(app, "Framed box");
    const share = await shareModel(app, model.id, { embedSites: [allowed] });
    token = share.token;
    assert.deepEqual(
      [share.url, share.embedUrl, share.reachable],
      [`${PUBLIC_URL}/s/${token}`, `${PUBLIC_URL}/s/${token}/embed`, "public"],
    );
  });
  after(() => stack.disposeAsync());

  /** The title that a frame with `path` of the product shows on a site, or what the browser puts in its place. */
  async function framed(site: string, path: string): Promise<string> {
    const { page, context } = await browser.newPage();
    await page.goto(`${site}/?frame=${encodeURIComponent(app.url + path)}`, { waitUntil: "load" });
    const frame = page.frames()[1];
    const shown = frame.url().startsWith("chrome-error:") ? "refused" : await frame.title();
    await context.close();
    return shown;
  }

  it("is shown by the sites on the list, and by no other", async () => {
    assert.equal(await framed(allowed, `/s/${token}/embed`), "Framed box");
    assert.equal(await framed(refused, `/s/${token}/embed`), "refused");
    assert.equal(await framed(allowed, `/s/${token}`), "refused", "the whole page is no embed");
    assert.equal(await framed(allowed, "/docs"), "refused", "nor is anything else");
  });

  it("gives its files to viewers on any site, without cookies, in ranges too", async () => {
    const { page } = await browser.newPage();
    await page.goto(refused);
    const got = await page.evaluate(async (root) => {
      const shared = await (await fetch(`${root}/share.json`)).json();
      const part = await fetch(`${root}/model.glb`, {
        headers: { Range: "bytes=0-3", "If-None-Match": '"x"' },
      });
      return {
        url: shared.url,
        status: part.status,
        range: part.headers.get("Content-Range"),
        magic: await part.text(),
        api: await fetch(new URL("/api/v1/models", root)).then(
          () => "read",
          () => "refused",
        ),
      };
    }, `${app.url}/s/${token}`);
    assert.equal(got.url, `${PUBLIC_URL}/s/${token}`);
    assert.deepEqual([got.status, got.magic, got.api], [206, "glTF", "refused"]);
    assert.match(got.range ?? "", /^bytes 0-3\/\d+$/);
  });

  it("has the public address in what messengers read", async () => {
    const html = await (await app.request(`/s/${token}`)).text();
    assert.match(
      html,
      new RegExp(`property="og:image" content="${PUBLIC_URL}/s/${token}/poster\\.webp\\?v=`),
    );
    assert.ok(html.includes(`property="og:url" content="${PUBLIC_URL}/s/${token}"`));
  });
});
