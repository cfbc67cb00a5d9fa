import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { declaredRoutes } from "../../server/app.ts";
import type { Model } from "../../server/contract/model.ts";
import type { Share } from "../../server/contract/share.ts";
import { type Member, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { boxGlb } from "../support/make-glb.ts";
import { sharePageFolder } from "../support/share-client.ts";

const SHOP = "https://shop.example";
const EVIL = "https://evil.example";
const HSTS = "strict-transport-security";

/** Where `frame-ancestors` stands in a policy. */
const directive = (policy: string, name: string) =>
  policy
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name} `) || part === name);

describe("what protects browsers", () => {
  const stack = new AsyncDisposableStack();
  let app: TestApp;
  let admin: Member;
  let cookie: string;
  let model: Model;
  let share: Share;

  before(async () => {
    const page = stack.use(await sharePageFolder());
    await mkdir(path.join(page.folder, ".vite"));
    await mkdir(path.join(page.folder, "assets"));
    await writeFile(path.join(page.folder, "index.html"), "<!doctype html><html><head></head></html>");
    await writeFile(path.join(page.folder, "assets/page.js"), "export {};");
    await writeFile(path.join(page.folder, ".vite/manifest.json"), "{}");
    app = stack.use(
      await startAccountsApp({ pageFolder: page.folder, env: { CORS_ORIGIN: SHOP, TRUST_PROXY: "1" } }),
    );
    admin = await signIn(app);
    const login = await fetch(`${app.url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: admin.email, password: admin.password }),
    });
    cookie = login.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    assert.match(cookie, /p3d_access=/);
    const body = photoForm(await boxGlb([0.2, 0.3, 0.1]), { name: "Box" }, "box.glb", "file");
    model = (await (await admin.request("/api/v1/models", { method: "POST", body })).json()) as Model;
    const made = await admin.send("POST", `/api/v1/models/${model.id}/shares`, { embedSites: [SHOP] });
    share = (await made.json()) as Share;
  });
  after(() => stack.disposeAsync());

  it("comes with every kind of answer, and only embed pages may be framed", async () => {
    const file = `/api/v1/models/${model.id}/files/model.glb`;
    const answers: [number, string, RequestInit?][] = [
      [200, "/"],
      [200, "/models"],
      [200, "/models/00000000-0000-7000-8000-000000000000"],
      [200, "/assets/page.js"],
      [404, "/assets/nothing.js"],
      [200, "/docs"],
      [200, "/docs/start.js"],
      [200, "/docs/assets/swagger-ui.css"],
      [200, "/openapi.json"],
      [200, "/health"],
      [200, "/api/v1/auth/state"],
      [401, "/api/v1/models"],
      [200, "/api/v1/models", { headers: admin.headers }],
      [404, "/api/v1/nothing"],
      [405, "/api/v1/models", { method: "PUT" }],
      [
        400,
        "/api/v1/auth/login",
        { method: "POST", body: "{", headers: { "Content-Type": "application/json" } },
      ],
      [403, "/api/v1/models", { method: "POST", headers: { Origin: EVIL } }],
      [
        204,
        "/api/v1/models",
        { method: "OPTIONS", headers: { Origin: SHOP, "Access-Control-Request-Method": "POST" } },
      ],
      [200, file, { headers: admin.headers }],
      [206, file, { headers: { ...admin.headers, Range: "bytes=0-9" } }],
      [416, file, { headers: { ...admin.headers, Range: "bytes=99999999-" } }],
      [200, file, { headers: admin.headers, method: "HEAD" }],
      [200, `/s/${share.token}`],
      [200, `/s/${share.token}/embed`],
      [200, `/s/${share.token}/share.json`],
      [200, `/s/${share.token}/model.glb`],
      [404, "/s/there-is-no-such-link"],
      [404, "/s/there-is-no-such-link/embed"],
      [405, "/hooks/genapi/nothing"],
    ];
    for (const [status, address, init] of answers) {
      const answer = await fetch(app.url + address, { redirect: "manual", ...init });
      await answer.arrayBuffer();
      const what = `${init?.method ?? "GET"} ${address}`;
      const header = (name: string) => answer.headers.get(name) ?? "";
      assert.equal(answer.status, status, what);
      const policy = header("content-security-policy");
      assert.equal(directive(policy, "default-src"), "default-src 'none'", what);
      assert.equal(header("x-content-type-options"), "nosniff", what);
      assert.equal(header("referrer-policy"), "no-referrer", what);
      assert.equal(header("x-powered-by"), "", what);
      assert.equal(header(HSTS), "", what);
      assert.ok(!policy.includes("unsafe-eval'") || policy.includes("wasm-unsafe-eval'"), what);
      assert.ok(
        !/script-src[^;]*'unsafe-inline'|\*|https?:\/\/(?!shop\.example)/.test(policy),
        `${what}: ${policy}`,
      );
      const isEmbed = address === `/s/${share.token}/embed`;
      const ancestors = isEmbed ? `frame-ancestors 'self' ${SHOP}` : "frame-ancestors 'none'";
      assert.equal(directive(policy, "frame-ancestors"), ancestors, what);
      assert.equal(header("x-frame-options"), isEmbed ? "" : "SAMEORIGIN", what);
      const isFile = address.endsWith("model.glb") && (status < 400 || status === 416);
      assert.equal(directive(policy, "sandbox") !== undefined, isFile, what);
    }
  });

  it("is HSTS where the public address is https, and only there", async () => {
    await using secure = await startAccountsApp({ env: { PUBLIC_URL: "https://3d.example.com" } });
    for (const address of ["/health", "/api/v1/models", "/nothing.js"]) {
      assert.match((await fetch(secure.url + address)).headers.get(HSTS) ?? "", /^max-age=31536000/);
    }
    await using plain = await startAccountsApp({ env: { PUBLIC_URL: "http://3d.example.com" } });
    assert.equal((await fetch(`${plain.url}/health`)).headers.get(HSTS), null);
  });

  it("keeps every change from pages of others that come with a cookie", async () => {
    const marked = { Cookie: cookie, "X-Requested-With": "photo-to-3d" };
    const attempts: [string, Record<string, string>][] = [
      ["cross-origin", { ...marked, Origin: EVIL }],
      ["cross-origin", { ...marked, Origin: "null" }],
      ["cross-origin", { ...marked, Origin: SHOP }],
      ["cross-origin", { ...marked, "Sec-Fetch-Site": "cross-site" }],
      ["cross-origin", { ...marked, "Sec-Fetch-Site": "same-site" }],
      ["requested-with-missing", { Cookie: cookie }],
      ["requested-with-missing", { Cookie: cookie, Origin: app.url, "Sec-Fetch-Site": "same-origin" }],
      ["requested-with-missing", { Cookie: cookie, "X-Requested-With": "XMLHttpRequest" }],
    ];
    const changing = declaredRoutes(app.context).filter(({ method }) => method !== "get");
    assert.ok(changing.length > 35);
    for (const { method, path: address } of changing) {
      const url = app.url + address.replace(/:\w+/g, "00000000-0000-7000-8000-000000000000");
      for (const [code, headers] of attempts) {
        const answer = await fetch(url, { method: method.toUpperCase(), headers });
        const problem = (await answer.json()) as { code: string };
        assert.equal(
          problem.code,
          code,
          `${method} ${address} ${JSON.stringify({ ...headers, Cookie: "" })}`,
        );
        assert.equal(answer.status, 403);
        assert.deepEqual(answer.headers.getSetCookie(), []);
      }
    }
    const own = await fetch(`${app.url}/api/v1/auth/me`, {
      method: "PATCH",
      headers: {
        ...marked,
        Origin: app.url,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ name: "Changed" }),
    });
    assert.equal(own.status, 200, await own.text());
  });

  it("gives listed origins the API with tokens, never with cookies, and others nothing", async () => {
    const ask = (origin: string, headers: Record<string, string> = {}, method = "GET") =>
      fetch(`${app.url}/api/v1/models`, { method, headers: { Origin: origin, ...headers } });
    const shop = await ask(SHOP, admin.headers);
    assert.equal(shop.status, 200);
    assert.equal(shop.headers.get("access-control-allow-origin"), SHOP);
    assert.match(shop.headers.get("access-control-expose-headers") ?? "", /RateLimit-Policy/);
    assert.match(shop.headers.get("vary") ?? "", /Origin/);
    const preflight = {
      "Access-Control-Request-Method": "PATCH",
      "Access-Control-Request-Headers": "authorization",
    };
    const allowed = await ask(SHOP, preflight, "OPTIONS");
    assert.match(allowed.headers.get("access-control-allow-headers") ?? "", /authorization/);
    for (const answer of [shop, allowed, await ask(SHOP, { Cookie: cookie })]) {
      assert.equal(answer.headers.get("access-control-allow-credentials"), null);
    }
    for (const origin of [EVIL, "null", `${SHOP}.evil.example`, "http://shop.example"]) {
      for (const answer of [await ask(origin, admin.headers), await ask(origin, preflight, "OPTIONS")]) {
        assert.equal(answer.headers.get("access-control-allow-origin"), null, origin);
      }
    }
    const bearer = await fetch(`${app.url}/api/v1/auth/me`, {
      method: "PATCH",
      headers: { ...admin.headers, Origin: SHOP, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "By the shop" }),
    });
    assert.equal(bearer.status, 200, await bearer.text());
  });
});
