import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../../server/config.ts";
import { startTestApp } from "../support/app.ts";

const DOMAIN = { RAILWAY_PUBLIC_DOMAIN: "photo-to-3d-production.up.railway.app" };

test("in production at Railway its domain is the public address, where no other is set", () => {
  const railway = loadConfig({ NODE_ENV: "production", ...DOMAIN });
  assert.equal(railway.config.publicUrl, "https://photo-to-3d-production.up.railway.app");
  assert.match(
    railway.notes.join(),
    /https:\/\/photo-to-3d-production.*RAILWAY_PUBLIC_DOMAIN.*Set PUBLIC_URL/,
  );
  const own = loadConfig({ NODE_ENV: "production", PUBLIC_URL: "https://3d.example.com", ...DOMAIN });
  assert.equal(own.config.publicUrl, "https://3d.example.com");
  const development = loadConfig(DOMAIN);
  assert.equal(development.config.publicUrl, null);
  assert.deepEqual([own.notes, development.notes], [[], []]);
});

test("a proxy whose word is not believed is told of once, and a trusted one never", async () => {
  const OPS_TOKEN = "Xq3f0sJ9rT5yVb7NnKd2wLzM8gHhAa4P";
  for (const [TRUST_PROXY, times] of [
    ["0", 1],
    ["1", 0],
  ] as const) {
    await using app = await startTestApp({ env: { AUTH: "on", OPS_TOKEN, TRUST_PROXY } });
    await app.request("/health/live");
    const told = () => app.lines.filter(({ message }) => /TRUST_PROXY is 0/.test(String(message))).length;
    assert.equal(told(), 0);
    for (const address of ["203.0.113.5", "203.0.113.6"]) {
      await app.request("/health/live", { headers: { "x-forwarded-for": address } });
    }
    assert.equal(told(), times, `TRUST_PROXY=${TRUST_PROXY}`);
  }
});
