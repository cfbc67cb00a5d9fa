import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import http2 from "node:http2";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { ADMIN_EMAIL, ADMIN_PASSWORD, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { readPhoto } from "../support/client.ts";
import { boxGlb } from "../support/make-glb.ts";
import { keptKeys } from "../support/nginx-cache.ts";
import { type NginxSite, startNginxSite } from "../support/nginx-site.ts";
import { until } from "../support/until.ts";

const SNIPPETS = path.resolve(import.meta.dirname, "../../deploy/nginx/photo-to-3d");
const HOST = "3d.example.com";
/** Another address of this machine than the proxy's. */
const CLIENT = "127.0.0.2";
const MEBIBYTE = 1024 ** 2;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

describe("the site for nginx, before the real server", () => {
  let app: TestApp;
  let site: NginxSite;
  let folder: string;
  let bearer: Record<string, string>;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-nginx-"));
    app = await startAccountsApp({
      env: { TRUST_PROXY: "1", PUBLIC_URL: `https://${HOST}`, CDN_SHARE_SECONDS: "3600" },
    });
    site = await startNginxSite({ folder, replicas: [new URL(app.url).host] });
    const signedIn = await ask("/api/v1/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.9" },
      body: JSON.stringify({ email: ADMIN_EMAIL, password: ADMIN_PASSWORD, tokens: true }),
    });
    assert.equal(signedIn.status, 200, signedIn.text);
    bearer = { Authorization: `Bearer ${JSON.parse(signedIn.text).accessToken}` };
  });
  after(async () => {
    await site?.dispose();
    await app?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  interface Asked {
    method?: string;
    headers?: Record<string, string | number>;
    body?: string | Buffer;
  }

  const open = (address: string, { method = "GET", headers = {}, body }: Asked = {}) =>
    https
      .request(site.url + address, {
        method,
        ca: site.certificate,
        agent: false,
        localAddress: CLIENT,
        headers: { Host: HOST, ...(body && { "Content-Length": Buffer.byteLength(body) }), ...headers },
      })
      .end(body);

  async function ask(address: string, asked: Asked = {}): Promise<Answer> {
    const request = open(address, asked);
    // Who is refused early may be cut off while still sending; the answer counts.
    request.on("error", () => {});
    const [response] = await once(request, "response");
    let text = "";
    for await (const piece of response.setEncoding("utf8")) text += piece;
    return { status: response.statusCode, headers: response.headers, text };
  }

  const form = async (field: string, fileName: string, bytes: Uint8Array) => {
    const data = new FormData();
    data.set(field, new Blob([bytes as Uint8Array<ArrayBuffer>]), fileName);
    const encoded = new Response(data);
    return {
      headers: { ...bearer, "Content-Type": encoded.headers.get("content-type")! },
      body: Buffer.from(await encoded.arrayBuffer()),
    };
  };

  it("leads from http to https", async () => {
    const answer = await fetch(`${site.plainUrl}/models/1?tab=files`, {
      headers: { Host: HOST },
      redirect: "manual",
    });
    assert.equal(answer.status, 301);
    // `fetch` writes its own Host header.
    assert.equal(answer.headers.get("location"), "https://127.0.0.1/models/1?tab=files");
  });

  it("speaks HTTP/2", async () => {
    const session = http2.connect(site.url, { ca: site.certificate });
    const stream = session.request({ ":path": "/health/live" });
    const [headers] = await once(stream, "response");
    assert.equal(headers[":status"], 200);
    session.destroy();
  });

  it("lets the product say who may do what with the browser, and that only https counts", async () => {
    const { headers } = await ask("/");
    assert.match(String(headers["strict-transport-security"]), /max-age=31536000/);
    assert.match(String(headers["content-security-policy"]), /default-src 'none'/);
  });

  it("tells the product the client's address, whatever that says of itself", async () => {
    const { status, text } = await ask("/api/v1/auth/sessions", { headers: bearer });
    assert.equal(status, 200, text);
    const current = JSON.parse(text).items.find((session: { current: boolean }) => session.current);
    assert.equal(current.address, CLIENT);
  });

  it("keeps the id of a request, and gives one to others", async () => {
    const id = "request-of-a-program.42";
    assert.equal(
      (await ask("/health/live", { headers: { "X-Request-Id": id } })).headers["x-request-id"],
      id,
    );
    const made = await ask("/health/live", { headers: { "X-Request-Id": "no id" } });
    assert.match(String(made.headers["x-request-id"]), /^[0-9a-f]{32}$/);
  });

  it("lets photos pass as large as the product takes them, and refuses larger ones itself", async () => {
    const large = await form("photo", "large.jpg", Buffer.alloc(10.5 * MEBIBYTE));
    const refused = await ask("/api/v1/generations", { method: "POST", ...large });
    assert.equal(refused.status, 413);
    assert.match(refused.text, /limit of 10 MB/, "the product's own words");
    const tooLarge = await form("photo", "large.jpg", Buffer.alloc(12 * MEBIBYTE));
    const stopped = await ask("/api/v1/generations", { method: "POST", ...tooLarge });
    assert.equal(stopped.status, 413);
    const problem = JSON.parse(stopped.text);
    assert.deepEqual([problem.code, problem.status, problem.retryable], ["photo-too-large", 413, false]);
    assert.equal(stopped.headers["content-type"], "application/problem+json");
    const model = await form("file", "model.glb", Buffer.alloc(12 * MEBIBYTE));
    const read = await ask("/api/v1/models", { method: "POST", ...model });
    assert.equal(read.status, 415, "imported models may be larger");
  });

  it("passes events on while the stream is open", async () => {
    const stream = open("/api/v1/generations/events", { headers: bearer });
    const [response] = await once(stream, "response");
    assert.equal(response.headers["content-type"], "text/event-stream; charset=utf-8");
    let text = "";
    response.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    const photo = await form("photo", "sofa.jpg", await readPhoto("sofa.jpg"));
    const accepted = await ask("/api/v1/generations", { method: "POST", ...photo });
    assert.equal(accepted.status, 202, accepted.text);
    const { id } = JSON.parse(accepted.text);
    await until("the generation is told of", () => text.includes(`"id":"${id}"`));
    assert.equal(response.complete, false, "the stream is still open");
    stream.destroy();
  });

  it("keeps files of the page and of share links, and nothing of the API", async () => {
    const page = await ask("/");
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page.text)![1];
    const stateOf = async (address: string, headers = {}) =>
      (await ask(address, { headers })).headers["x-cache"];
    // nginx may put a file into its place a moment after the client has all of it.
    const isKept = async (address: string, headers = {}) => {
      assert.equal(await stateOf(address, headers), "MISS");
      await until(`${address} is kept`, async () => (await stateOf(address, headers)) === "HIT");
    };
    await isKept(script);
    // Pre-compressed files are kept apart.
    const encoding = { "Accept-Encoding": "br" };
    await isKept(script, encoding);
    assert.equal((await ask(script, { headers: encoding })).headers["content-encoding"], "br");

    const imported = await ask("/api/v1/models", {
      method: "POST",
      ...(await form("file", "box.glb", await boxGlb([0.2, 0.3, 0.1]))),
    });
    assert.equal(imported.status, 201, imported.text);
    const model = JSON.parse(imported.text);
    const shared = await ask(`/api/v1/models/${model.id}/shares`, {
      method: "POST",
      headers: { ...bearer, "Content-Type": "application/json" },
      body: "{}",
    });
    const { url } = JSON.parse(shared.text);
    const token = new URL(url).pathname;
    const data = JSON.parse((await ask(`${token}/share.json`)).text);
    const glb = data.models[0].files.glb.url;
    await isKept(glb);
    const range = { Range: "bytes=0-3" };
    await isKept(glb, range);
    const part = await ask(glb, { headers: range });
    assert.deepEqual([part.status, part.text, part.headers["x-cache"]], [206, "glTF", "HIT"]);
    const whole = await ask(glb);
    assert.deepEqual([whole.status, whole.headers["x-cache"]], [200, "HIT"], "a part is not the whole");
    // Each would be the whole file once more under a name of its own, as many as somebody thinks up.
    const [content] = glb.split("?");
    for (const [address, headers] of [
      [glb, { Range: "bytes=0-1,5-9" }],
      [glb, { Range: "pages=1-2" }],
      [`${glb}&and=more`, {}],
      [content, {}],
    ] as [string, Record<string, string>][]) {
      for (const _turn of [1, 2]) {
        const state = await stateOf(address, headers);
        assert.equal(state, "BYPASS", `${address} ${JSON.stringify(headers)}`);
      }
    }
    const ofShares = await keptKeys(path.join(folder, "cache-shares"));
    assert.equal(ofShares.size, 2, "the whole and the part");
    for (const key of ofShares) assert.ok(key.includes(glb), key);
    const ofPage = [...(await keptKeys(path.join(folder, "cache")))];
    assert.ok(ofPage.length === 1 && ofPage[0].includes(script), "whose room shared files never take");
    for (const _turn of [1, 2]) assert.equal(await stateOf(`${token}/share.json`), "BYPASS");
    const own = model.files.glb.url;
    for (const _turn of [1, 2]) assert.equal(await stateOf(own, bearer), undefined, "never the API");
    assert.equal((await ask(own)).status, 401);
    assert.ok(!(await site.requests()).some((line) => line.includes(token)), "nobody reads links in the log");
  });

  it("lets nobody wait for an answer to somebody else", async () => {
    // With that, nginx looks only every half second whether it may ask, also for answers that nobody may keep.
    for (const file of await readdir(SNIPPETS)) {
      assert.doesNotMatch(await readFile(path.join(SNIPPETS, file), "utf8"), /^\s*proxy_cache_lock/m, file);
    }
  });

  it("says in the API's words that the server is away", async () => {
    await site.useReplicas(["127.0.0.1:9"]);
    let away = await ask("/api/v1/generations", { headers: bearer });
    await until("nginx has taken the new file", async () => {
      away = await ask("/api/v1/generations", { headers: bearer });
      return away.status === 503;
    });
    assert.deepEqual([JSON.parse(away.text).code, away.headers["retry-after"]], ["shutting-down", "5"]);
  });
});
