import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as newId } from "uuid";
import { cacheKey } from "../../server/cache/policies.ts";
import type { CacheStats, CacheWarmedUp } from "../../server/contract/cache.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { startTestRedis, type TestRedis } from "../support/redis/test-redis.ts";
import { until } from "../support/until.ts";

const CLIENTS = 8;

const FACTS = {
  dimensions: { length: 1, width: 1, height: 1, unit: "cm" as const },
  stats: {
    triangles: 1,
    vertices: 3,
    materials: 1,
    watertight: false,
    textures: [],
    boundingBoxMetres: { min: [0, 0, 0] as never, max: [1, 1, 1] as never },
  },
};

/** A model that is only a row, as far as lists are concerned. */
async function makeModel(app: TestApp, tags: string[]): Promise<string> {
  const id = newId();
  await app.context.records.Model3d.create({ id, userId: LOCAL_USER_ID, name: "Sofa", tags, ...FACTS });
  return id;
}

const read = async <T>(app: TestApp, address: string) => (await (await app.request(address)).json()) as T;

const post = (app: TestApp, address: string, body?: object) =>
  app.request(address, {
    method: "POST",
    ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });

const tagsOn = async (app: TestApp) =>
  (await read<{ items: { tag: string; count: number }[] }>(app, "/api/v1/tags")).items.map(
    ({ tag, count }) => `${tag} ${count}`,
  );

const statsOf = async (app: TestApp, name: string) => {
  const stats = await read<CacheStats>(app, "/api/system/cache/stats");
  return { ...stats, policy: stats.policies.find((policy) => policy.name === name)! };
};

const clear = async (app: TestApp, pattern: string) =>
  ((await (await post(app, "/api/system/cache/clear", { pattern })).json()) as { removed: number }).removed;

describe("the cache of two servers with one Redis", () => {
  let redis: TestRedis;
  let database: TestDatabase;
  let one: TestApp;
  let other: TestApp;
  before(async () => {
    redis = await startTestRedis();
    database = await createTestDatabase();
    const env = { REDIS_URL: redis.url, REDIS_MAX_CONNECTIONS: "5" };
    one = await startTestApp({ databaseUrl: database.url, env });
    other = await startTestApp({ databaseUrl: database.url, uploads: one.uploads, env });
    await untilState("shared");
  });
  after(async () => {
    await other?.dispose();
    await one?.dispose();
    await database?.dispose();
    await redis?.dispose();
  });

  async function untilState(state: "shared" | "away"): Promise<void> {
    for (const app of [one, other])
      await until(state, async () => (await app.context.cacheState()) === state);
  }

  it("keeps tags until one of the servers writes, and both see the write at once", async () => {
    const id = await makeModel(one, ["red", "sofa"]);
    for (const app of [one, other]) assert.deepEqual(await tagsOn(app), ["red 1", "sofa 1"]);
    const before = await statsOf(other, "user-data");
    assert.deepEqual(await tagsOn(other), ["red 1", "sofa 1"]);
    const { state, policy, redis: shared, memory } = await statsOf(other, "user-data");
    assert.equal(state, "shared");
    assert.deepEqual([policy.hits, policy.loads], [before.policy.hits + 1, before.policy.loads]);
    assert.ok(policy.hitRate! > 0 && policy.entries === 1 && policy.errors === 0);
    assert.ok(policy.latencyMs!.p50 <= policy.latencyMs!.p95);
    assert.ok(shared!.memory.bytes > 0 && shared!.connections.max === 5 && memory.entries === 0);

    await makeModel(other, ["red"]);
    for (const app of [one, other]) assert.deepEqual(await tagsOn(app), ["red 2", "sofa 1"]);
    const address = `/api/v1/models/${id}`;
    const body = JSON.stringify({ tags: ["blue"] });
    const headers = { "Content-Type": "application/json" };
    assert.equal((await one.request(address, { method: "PATCH", headers, body })).status, 200);
    assert.deepEqual(await tagsOn(other), ["blue 1", "red 1"]);
    assert.equal((await other.request(address, { method: "DELETE" })).status, 204);
    for (const app of [one, other]) assert.deepEqual(await tagsOn(app), ["red 1"]);
    assert.equal((await post(one, `${address}/restore`)).status, 200);
    for (const app of [other, one]) assert.deepEqual(await tagsOn(app), ["blue 1", "red 1"]);
  });

  it("clears what a pattern means; the list of refused tokens only where it is named", async () => {
    const { cache } = one.context.cache;
    const keys = [cacheKey("revoked", "x"), cacheKey("analytics", "x"), cacheKey("user-data", "x")];
    const left = async () => (await cache.getMany(keys)).map((value) => value !== null);
    const fill = () => cache.setMany(keys.map((key) => ({ key, value: "1", ttlSeconds: 600 })));
    await fill();
    assert.equal(await clear(other, "user-data:x"), 1);
    assert.deepEqual(await left(), [true, true, false]);
    await clear(other, "*");
    assert.deepEqual(await left(), [true, false, false]);
    await fill();
    await clear(other, "revok?d:*");
    assert.deepEqual(await left(), [true, true, true]);
    assert.equal(await clear(other, "revoked:x"), 1);
    assert.deepEqual(await left(), [false, true, true]);
    assert.equal(await clear(other, "nothing:*"), 0);
    for (const pattern of ["", "a b", "[x]", "x".repeat(201)])
      assert.equal((await post(one, "/api/system/cache/clear", { pattern })).status, 400, pattern);
    const { items } = await read<{ items: { details: object }[] }>(
      one,
      "/api/system/audit?action=system.cache-cleared",
    );
    assert.deepEqual(items[0].details, { pattern: "nothing:*", removed: 0 });
  });

  it("warms up what everybody asks for", async () => {
    await clear(one, "user-data:*");
    const warm = (await (await post(one, "/api/system/cache/warm-up")).json()) as CacheWarmedUp;
    assert.deepEqual(
      warm.values.map(({ key, ok }) => [key, ok]),
      [
        ["analytics:models", true],
        ["analytics:periods", true],
        ["user-data:tags:team", true],
      ],
    );
    const before = (await statsOf(other, "user-data")).policy;
    await read(other, "/api/v1/tags?owner=team");
    const { hits, loads } = (await statsOf(other, "user-data")).policy;
    assert.deepEqual([hits, loads], [before.hits + 1, before.loads]);
  });

  it("fails no request while Redis is stopped and started again under load", async () => {
    let isOver = false;
    const answers: number[] = [];
    const clients = Array.from({ length: CLIENTS }, async (_, index) => {
      const app = index % 2 ? one : other;
      while (!isOver) {
        for (const address of ["/api/v1/tags", "/api/health/metrics"]) {
          const response = await fetch(app.url + address);
          await response.arrayBuffer();
          answers.push(response.status);
        }
      }
    });
    const untilMoreAnswers = async () => {
      const enough = answers.length + 10 * CLIENTS;
      await until(`${enough} answers`, () => answers.length >= enough);
    };
    try {
      await untilMoreAnswers();
      await redis.stop();
      await untilState("away");
      await untilMoreAnswers();
      await redis.start();
      await untilState("shared");
      await untilMoreAnswers();
    } finally {
      isOver = true;
      await Promise.all(clients);
    }
    assert.deepEqual([...new Set(answers)], [200]);
    assert.equal((await statsOf(one, "user-data")).state, "shared");
  });
});
