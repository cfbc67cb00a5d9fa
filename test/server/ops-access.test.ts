import assert from "node:assert/strict";
import http from "node:http";
import { type TestContext, test } from "node:test";
import express from "express";
import type { Config } from "../../server/config.ts";
import { createAdmit } from "../../server/http/caller.ts";
import { errorMapper } from "../../server/http/error-mapper.ts";
import { createLogger } from "../../server/logger.ts";

const TOKEN = "an-operators-token-of-forty-characters-x";

async function serve(t: TestContext, config: Pick<Config, "opsToken" | "access">, trustProxy = 0) {
  const app = express();
  app.set("trust proxy", trustProxy);
  const admit = createAdmit({ ...config, publicUrl: null }, async () => null);
  app.get("/inside", async (request, response) => {
    await admit("operator", request, response);
    response.send("inside");
  });
  app.use(errorMapper(createLogger({ level: "error", json: false, folder: null })));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  return (headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }>((resolve, reject) => {
      http
        .get({ port, host: "127.0.0.1", path: "/inside", headers, agent: false }, async (response) => {
          const body = (await response.setEncoding("utf8").toArray()).join("");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        })
        .once("error", reject);
    });
}

test("without sign-in a program on this machine passes, and one behind a proxy does not", async (t) => {
  const ask = await serve(t, { opsToken: null, access: { kind: "localhost" } }, 1);
  assert.equal((await ask()).status, 200);
  assert.equal((await ask({ host: "localhost:3001" })).status, 200);
  assert.equal((await ask({ host: "[::1]:3001" })).status, 200);
  for (const headers of [
    { "x-forwarded-for": "127.0.0.1" },
    { forwarded: "for=203.0.113.9" },
    { "x-real-ip": "203.0.113.9" },
    { "x-forwarded-host": "localhost" },
    { host: "3d.example.com" },
    { authorization: `Bearer ${TOKEN}` },
  ] as Record<string, string>[]) {
    assert.equal((await ask(headers)).status, 401, JSON.stringify(headers));
  }
});

test("on an open address only the token passes", async (t) => {
  const ask = await serve(t, {
    opsToken: TOKEN,
    access: { kind: "accounts", registration: "closed", admin: null },
  });
  assert.equal((await ask({ authorization: `Bearer ${TOKEN}` })).status, 200);
  assert.equal(
    (await ask({ authorization: `bearer ${TOKEN}`, "x-forwarded-for": "203.0.113.9" })).status,
    200,
  );
  for (const authorization of [
    "",
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Basic ${TOKEN}`,
    TOKEN,
    "Bearer ",
  ]) {
    const answer = await ask({ authorization });
    assert.equal(answer.status, 401, authorization);
    assert.match(String(answer.headers["www-authenticate"]), /^Bearer/);
    assert.equal(JSON.parse(answer.body).code, "ops-token-required");
    assert.ok(!answer.body.includes(TOKEN));
  }
  assert.equal((await ask()).status, 401);
});

test("a wrong token does not pass from this machine either", async (t) => {
  const ask = await serve(t, { opsToken: TOKEN, access: { kind: "localhost" } });
  assert.equal((await ask()).status, 200);
  assert.equal((await ask({ authorization: "Bearer wrong" })).status, 401);
});
