import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, mock, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheKey } from "../../server/cache/policies.ts";
import { DetailedHealth } from "../../server/contract/operations.ts";
import { readInstallationId } from "../../server/services/store-owner.ts";
import { type Member, makeMember, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { startTestRedis, type TestRedis } from "../support/redis/test-redis.ts";

const random = () => randomBytes(33).toString("base64url");
const OPS_TOKEN = random();

let redis: TestRedis;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
/** Two servers of one database and one Redis. */
let one: TestApp;
let other: TestApp;
/** Somebody whom nobody signs out. */
let good: Member;
/** Questions of the other server to the database whether a token is good. */
const questions = () =>
  lookUps.mock.calls.filter((call) =>
    /EXISTS \(SELECT 1 FROM revoked_tokens/.test(String(call.arguments[0])),
  );
let lookUps: { mock: { calls: { arguments: unknown[] }[] } };

before(async () => {
  redis = await startTestRedis();
  database = await createTestDatabase();
  const env = { REDIS_URL: redis.url, OPS_TOKEN, JWT_SECRET: random(), SESSION_SECRET: random() };
  one = await startAccountsApp({ databaseUrl: database.url, env });
  other = await startAccountsApp({ databaseUrl: database.url, env });
  lookUps = mock.method(other.context.records.sequelize, "query");
  good = await makeMember(one);
  await untilShared();
});
after(async () => {
  await one?.dispose();
  await other?.dispose();
  await database?.dispose();
  await redis?.dispose();
});

async function untilShared(): Promise<void> {
  for (const app of [one, other]) while ((await app.context.cacheState()) !== "shared") await sleep(20);
}

const statusOn = async (app: TestApp, { headers }: Member) =>
  (await app.request("/api/v1/auth/me", { headers })).status;

/** Somebody who was known to the other server too, and whose session the first one ended. */
async function signedOut(): Promise<Member> {
  const member = await makeMember(one);
  assert.equal(await statusOn(other, member), 200);
  const answer = await member.send("POST", "/api/v1/auth/logout-everywhere");
  assert.equal(answer.status, 204, await answer.text());
  return member;
}

const tokenId = ({ accessToken }: Member): string =>
  JSON.parse(Buffer.from(accessToken.split(".")[1], "base64url").toString()).jti;

async function untilCacheIs(status: string, app: TestApp): Promise<void> {
  while ((await cacheHealth(app)) !== status) await sleep(20);
}

async function cacheHealth(app: TestApp): Promise<string> {
  const headers = { Authorization: `Bearer ${OPS_TOKEN}` };
  const answer = await app.request("/health/detailed", { headers });
  return DetailedHealth.parse(await answer.json()).checks.cache.status;
}

async function refusedWithoutDatabase(): Promise<void> {
  const member = await signedOut();
  const before = questions().length;
  assert.equal(await statusOn(other, member), 401);
  assert.equal(questions().length, before);
}

test("what one server revoked the other refuses without asking the database", async (t) => {
  t.diagnostic(`Redis: ${redis.name}`);
  await refusedWithoutDatabase();
  const before = questions().length;
  assert.equal(await statusOn(other, good), 200);
  assert.equal(questions().length, before + 1, "whoever is not in the list is asked for in the database");
});

test("a revoked token is in the list for the rest of its life", async () => {
  const member = await signedOut();
  const installation = await readInstallationId(one.context.records);
  const key = `${installation}:${cacheKey("revoked", tokenId(member))}`;
  const seconds = Number(await redis.send("TTL", key));
  assert.ok(seconds > 0 && seconds <= 15 * 60 + 5, String(seconds));
});

test("a Redis that loses everything, is away, or comes back empty lets nobody in and keeps nobody out", async () => {
  const [before, lost] = [await signedOut(), await signedOut()];
  assert.equal(await statusOn(other, before), 401);
  await untilCacheIs("healthy", other);
  await redis.send("FLUSHALL");
  assert.deepEqual([await statusOn(other, lost), await statusOn(other, before)], [401, 401]);
  assert.deepEqual([await statusOn(one, good), await statusOn(other, good)], [200, 200]);

  const alsoLost = await signedOut();
  await redis.stop();
  const meanwhile = await signedOut();
  for (const member of [before, lost, alsoLost, meanwhile]) assert.equal(await statusOn(other, member), 401);
  assert.deepEqual([await statusOn(one, good), await statusOn(other, good)], [200, 200]);
  await untilCacheIs("degraded", other);
  const unseen = await signedOut();

  await redis.start();
  await untilShared();
  for (const member of [before, lost, alsoLost, meanwhile, unseen])
    assert.equal(await statusOn(other, member), 401);
  assert.deepEqual([await statusOn(one, good), await statusOn(other, good)], [200, 200]);
  await untilCacheIs("healthy", other);
  await refusedWithoutDatabase();
});

test("the password of Redis is in no line of the log", () => {
  const lines = JSON.stringify([one.lines, other.lines]);
  assert.match(lines, /Redis is away/);
  assert.ok(!lines.includes(new URL(redis.url).password));
});
