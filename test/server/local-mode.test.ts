import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { declaredRoutes } from "../../server/app.ts";
import type { Route } from "../../server/http/route.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { importBox, shareModel } from "../support/share-client.ts";

const PUBLIC_HOST = "3d.example.com";
const NO_ID = "01939a00-0000-7000-8000-00000000000a";

describe("without sign-in", () => {
  let app: TestApp;
  let routes: Route[];
  let token: string;
  let modelId: string;
  before(async () => {
    app = await startTestApp({ env: { PUBLIC_URL: `https://${PUBLIC_HOST}` } });
    routes = declaredRoutes(app.context);
    modelId = (await importBox(app, "A private box")).id;
    token = (await shareModel(app, modelId)).token;
  });
  after(() => app.dispose());

  /** `fetch` may not set `Host`. */
  const ask = (path: string, headers: Record<string, string>, method = "GET") =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const request = http.request(app.url + path, { method, headers, agent: false }, async (response) => {
        const body = (await response.setEncoding("latin1").toArray()).join("");
        resolve({ status: response.statusCode ?? 0, body });
      });
      request.once("error", reject).end();
    });

  const addressOf = ({ path }: Route) =>
    path
      .replace(":token", token)
      .replace(":modelId", modelId)
      .replace(":file", "model.glb")
      .replace(":nonce", "0".repeat(32))
      .replace(/:\w+/g, modelId);
  const isOpen = ({ path }: Route) => /^\/(s|hooks)\/|^\/health(\/(live|ready|startup))?$/.test(path);
  const isOperators = ({ access }: Route) => access === "operator";

  it("answers a foreign host nowhere, not even at share links", async () => {
    for (const route of routes) {
      const { status, body } = await ask(
        addressOf(route),
        { host: "evil.example" },
        route.method.toUpperCase(),
      );
      assert.equal(status, 403, route.path);
      if (!route.path.startsWith("/s/")) assert.match(body, /"host-not-allowed"/, route.path);
      assert.ok(!body.includes("A private box"), route.path);
    }
    for (const path of ["/", "/docs", "/openapi.json", `/models/${modelId}`])
      assert.equal((await ask(path, { host: "evil.example" })).status, 403, path);
  });

  const ways: Record<string, Record<string, string>> = {
    "its public name": { host: PUBLIC_HOST },
    "a proxy": { host: "localhost", "x-forwarded-for": "203.0.113.9" },
    "a proxy that says so in the standard's way": { host: "localhost", forwarded: "for=203.0.113.9" },
  };
  for (const [way, headers] of Object.entries(ways)) {
    it(`opens through ${way} share links, callbacks and probes, and nothing else`, async () => {
      for (const route of routes) {
        const { status, body } = await ask(addressOf(route), headers, route.method.toUpperCase());
        const what = `${route.method} ${route.path}: ${status} ${body.slice(0, 200)}`;
        if (isOpen(route)) assert.notEqual(status, 403, what);
        else if (isOperators(route)) assert.equal(status, 401, what);
        else {
          assert.equal(status, 403, what);
          assert.match(body, /"host-not-allowed"/, what);
        }
        if (!route.path.startsWith("/s/")) assert.ok(!body.includes("A private box"), what);
      }
      for (const path of ["/", "/index.html", "/docs", "/openapi.json", `/models/${modelId}`, "/account"])
        assert.equal((await ask(path, headers)).status, 403, path);
      assert.equal((await ask("/assets/missing.js", headers)).status, 404);
    });
  }

  it("lets this machine do everything as before, without a credential", async () => {
    const here = { host: "localhost" };
    assert.equal((await ask("/api/v1/models", here)).status, 200);
    assert.match((await ask(`/api/v1/models/${modelId}`, here)).body, /"canChange":true/);
    assert.equal((await ask("/docs", here)).status, 200);
  });
});

describe("with accounts", () => {
  it("needs a sign-in for everything but what is public, whatever host is named", async () => {
    await using app = await startTestApp({ env: { AUTH: "on" } });
    for (const { path, method, access } of declaredRoutes(app.context)) {
      if (access === "public") continue;
      const address = path.replace(/:\w+/g, NO_ID);
      const answer = await app.request(address, { method: method.toUpperCase() });
      assert.equal(answer.status, 401, `${method} ${path}`);
      assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/, path);
      await answer.arrayBuffer();
    }
  });
});
