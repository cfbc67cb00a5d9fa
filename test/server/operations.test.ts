import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DetailedHealth } from "../../server/contract/operations.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { until } from "../support/until.ts";

describe("operations", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({
      env: { GENAPI_API_KEY: "very-secret-key", GENAPI_BASE_URL: "http://127.0.0.1:9/api/v1" },
    });
  });
  after(() => app.dispose());

  it("answers every health address", async () => {
    // On a busy machine a first look may take too long.
    await until("it is ready", async () => (await app.request("/health/ready")).status === 200);
    for (const path of [
      "/health",
      "/api/health",
      "/health/live",
      "/health/startup",
      "/health/ready",
      "/api",
    ]) {
      assert.equal((await app.request(path)).status, 200, path);
    }
    const database = (await (await app.request("/api/health/database")).json()) as { status: string };
    assert.equal(database.status, "connected");
    const metrics = (await (await app.request("/api/health/metrics")).json()) as {
      models: { total: number };
    };
    assert.equal(metrics.models.total, 0);
    const detailed = DetailedHealth.parse(await (await app.request("/health/detailed")).json());
    assert.equal(detailed.commit, app.context.commit);
    const { status, message } = detailed.checks.cache;
    assert.equal(status, "off");
    assert.match(message, /memory.*REDIS_URL/);
  });

  it("describes itself, and shows the description offline under its own policy", async () => {
    const document = (await (await app.request("/openapi.json")).json()) as {
      openapi: string;
      paths: object;
    };
    assert.equal(document.openapi, "3.1.0");
    assert.ok(Object.keys(document.paths).includes("/api/v1/generations/{id}/events"));
    const docs = await app.request("/docs");
    const html = await docs.text();
    assert.ok(!/https?:\/\//.test(html), "no other host");
    for (const [, source] of html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) {
      assert.equal((await app.request(source)).status, 200, source);
    }
    assert.match(
      docs.headers.get("content-security-policy") ?? "",
      /default-src 'none'.*script-src 'self' 'wasm-unsafe-eval'/,
    );
  });

  it("keeps a valid request id and replaces an odd one; every line of a request has it", async () => {
    const kept = await app.request("/api/v1/models", { headers: { "X-Request-Id": "shop-order-1234" } });
    assert.equal(kept.headers.get("x-request-id"), "shop-order-1234");
    const replaced = await app.request("/api/v1/models", { headers: { "X-Request-Id": "a b" } });
    assert.match(replaced.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    // A line is written when its answer has ended.
    await until("the request is in the log", () =>
      app.lines.some(
        ({ requestId, message }) => requestId === "shop-order-1234" && message === "GET /api/v1/models",
      ),
    );
  });

  it("never logs the key", async () => {
    await app.request("/api/v1/providers");
    app.context.logger.warn("Test", {
      error: new Error("Authorization: Bearer very-secret-key"),
      url: "postgres://user:very-secret-password@host/db",
      apiKey: "very-secret-key",
    });
    assert.ok(!/very-secret/.test(JSON.stringify(app.lines)), JSON.stringify(app.lines));
  });

  it("says at once that it isn't ready when it drains", async () => {
    app.context.drain();
    const ready = await app.request("/health/ready");
    assert.equal(ready.status, 503);
    assert.ok(ready.headers.get("retry-after"));
    assert.equal((await app.request("/health/live")).status, 200);
  });
});
