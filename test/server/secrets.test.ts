import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { loadConfig } from "../../server/config.ts";
import { secretsOf } from "../../server/config-secrets.ts";
import { hideForNow, hideSecrets, redact } from "../../server/redact.ts";
import { findWeakSecrets } from "../../server/secret-strength.ts";
import { newApiKeyText } from "../../server/services/api-key-text.ts";

const random = (bytes = 33) => randomBytes(bytes).toString("base64url");

test("secrets are hidden in every form and place", () => {
  const config = loadConfig({
    AUTH: "on",
    ADMIN_EMAIL: "a@example.com",
    ADMIN_PASSWORD: "Rather-Unlikely-77",
    DATABASE_URL: "postgres://u:pa%20ss-of-db-1@db/x",
    REDIS_URL: "redis://:pa%20ss-of-redis-3@cache",
    SMTP_URL: "smtps://me:mail-pass-22@mail:465",
    MAIL_FROM: "x@example.com",
    PUBLIC_URL: "https://3d.example.com",
    GENAPI_API_KEY: `genapi-${random()}`,
    OPS_TOKEN: random(),
    JWT_SECRET: random(),
    API_ENCRYPTION_KEY: random(),
    API_ENCRYPTION_SALT: random(),
  }).config;
  hideSecrets(secretsOf(config));
  const own = `own-${random()}`;
  hideForNow(own);
  const key = newApiKeyText();
  const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.${random()}`;
  const refresh = random();
  const known = [...secretsOf(config).filter((secret) => secret !== null), own];
  const secrets = [...known, key.slice(12), jwt, refresh, "redis-pw"];
  const story = {
    message: `Bearer ${refresh} Basic ${refresh} p3d_refresh=${refresh}; __Host-p3d_access=${jwt} ${key} redis://:redis-pw@cache:6379`,
    reset: `https://x.example/reset#${refresh}`,
    error: new Error(`It said ${own}`, { cause: new Error(`${jwt} ${config.genapi.apiKey}`) }),
    nested: [{ a: { b: { c: { d: { e: secrets } } } } }],
    headers: { cookie: "anything", "x-api-key": refresh, authorization: refresh },
    [own]: 1,
    all: known.join("|"),
    bytes: Buffer.from(own),
  };
  const shown = JSON.stringify(redact(story));
  for (const secret of secrets) assert.ok(!shown.includes(secret), `${secret} in ${shown}`);
  assert.ok(shown.includes(key.slice(0, 12)), "the beginning of an API key tells which it is");
  assert.equal(
    redact("GET /api/v1/models?limit=1 https://x.example/a@b"),
    "GET /api/v1/models?limit=1 https://x.example/a@b",
  );
  const at = new Date(0);
  assert.deepEqual(redact({ at, count: 3, token: null }), { at: at.toISOString(), count: 3, token: null });
});

test("the secret of a link is hidden however its address is written", () => {
  const token = random();
  for (const address of [
    `/s/${token}`,
    `/S/${token}/model.glb`,
    `/%73/${token}`,
    `/s%2F${token}`,
    `/s%2f${token}%2fmodel.glb`,
    `/api/v1/invitations/by-token/${token}`,
    `/API/v1/invitations/By-Token/${token}`,
    `/invitations/by-token%2F${token}`,
    `/invite#${token}`,
  ]) {
    assert.ok(!String(redact(`GET ${address}`)).includes(token), address);
  }
  assert.equal(redact("GET /api/s/short"), "GET /api/s/short");
});

test("a password in an address that can't be decoded is hidden as it is written", () => {
  const { config } = loadConfig({ DATABASE_URL: "postgres://user:50%off-for-all@db/name" });
  assert.ok(secretsOf(config).includes("50%off-for-all"));
});

test("of passing secrets only the last are remembered, so that memory stays bounded", () => {
  const first = random();
  hideForNow(first);
  assert.equal(redact(first), "[hidden]");
  for (let count = 0; count < 200; count += 1) hideForNow(random());
  assert.equal(redact(first), first);
});

test("random secrets pass, examples and repetitions are found by name and never quoted", () => {
  for (let round = 0; round < 200; round += 1) {
    const all = { JWT_SECRET: random(), SESSION_SECRET: random(24), API_ENCRYPTION_SALT: random(16) };
    const hex = randomBytes(32).toString("hex");
    assert.deepEqual(findWeakSecrets({ ...all, OPS_TOKEN: hex, ADMIN_PASSWORD: "Blue-tram-47-soup" }), []);
  }
  for (const byChance of [
    "YusChIXvZquzO-5Li-1RSq5rkTODOx6pHFha_j0loGTl",
    "k3DuMMyq0ZxT8vW-1nB7rE5c_9LsHgJaPoUiYt2FwQdR",
  ])
    assert.deepEqual(findWeakSecrets({ JWT_SECRET: byChance }), [], byChance);
  const examples = [
    "todo: a random one of 40 characters here!!",
    "A_dummy_of_a_signing_secret_for_the_shop",
    "changeme-changeme-changeme-changeme",
    "a".repeat(40),
    "abcabcabcabcabcabcabcabcabcabcabc",
    "0123456789abcdefghijklmnopqrstuvwxyz",
    "your-super-secret-jwt-key-of-32-chars",
    "replace_me_with_something_random_!!!!",
  ];
  for (const value of examples) {
    const [found] = findWeakSecrets({ JWT_SECRET: value });
    assert.deepEqual([found?.name, found?.kind], ["JWT_SECRET", "known"], value);
    assert.ok(!found.message.includes(value));
    assert.throws(
      () => loadConfig({ NODE_ENV: "production", JWT_SECRET: value }),
      /JWT_SECRET .* openssl rand/,
    );
    assert.equal(loadConfig({ JWT_SECRET: value }).warnings.length, 1);
  }
  const same = random();
  const [twin] = findWeakSecrets({ JWT_SECRET: same, SESSION_SECRET: same });
  assert.deepEqual([twin.name, twin.kind], ["SESSION_SECRET", "shared"]);
  const simple = { NODE_ENV: "production", DATABASE_URL: "postgres://u:postgres@db/x" };
  assert.match(loadConfig(simple).warnings.join(), /^DATABASE_URL has a value/);
});
