import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestApp, type TestApp } from "../support/app.ts";

const FROM_NGINX = { "X-Next-Upstream": "1" };

describe("a server that is about to stop", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.dispose());
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(app.url + path, init);
    await response.arrayBuffer();
    return [response.status, response.headers.get("connection")];
  };

  it("sends nobody elsewhere before", async () => {
    assert.deepEqual(await ask("/api/v1/models", { headers: FROM_NGINX }), [200, "keep-alive"]);
  });

  it("sends what can be asked twice to another one where there is one, and closes each connection", async () => {
    app.context.drain();
    assert.deepEqual(await ask("/api/v1/models", { headers: FROM_NGINX }), [504, "close"]);
    assert.deepEqual(await ask("/", { method: "HEAD", headers: FROM_NGINX }), [504, "close"]);
    assert.deepEqual(await ask("/api/v1/models"), [200, "close"]);
  });

  it("does what may not be done twice, and speaks for itself", async () => {
    const change = {
      method: "POST",
      headers: { ...FROM_NGINX, "Content-Type": "application/json" },
      body: "{}",
    };
    assert.deepEqual(await ask("/api/v1/models/00000000-0000-7000-8000-000000000000/restore", change), [
      404,
      "close",
    ]);
    assert.deepEqual(await ask("/health/live", { headers: FROM_NGINX }), [200, "close"]);
    assert.deepEqual(await ask("/health/ready", { headers: FROM_NGINX }), [503, "close"]);
  });
});
