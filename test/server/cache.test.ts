import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { after, before, describe, it, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createFallbackCache, type FallbackCache } from "../../server/cache/fallback-cache.ts";
import { createMemoryCache } from "../../server/cache/memory-cache.ts";
import { openCache } from "../../server/cache/open-cache.ts";
import { CACHE_POLICIES, entriesOf } from "../../server/cache/policies.ts";
import { connectRedis, type RedisCache } from "../../server/cache/redis-cache.ts";
import { ACCESS_SECONDS, TOLERANCE_SECONDS } from "../../server/services/accounts/access-tokens.ts";
import { cacheContract } from "../contracts/cache.ts";
import { redisKinds, type TestRedis } from "../support/redis/test-redis.ts";
import { until } from "../support/until.ts";

const OPEN_CACHE = path.resolve(import.meta.dirname, "../../server/cache/open-cache.ts");
const SPACE = { compressionBytes: 1024, prefix: "test:" };
const kinds = await redisKinds();

test("which Redis these tests use", (t) => {
  t.diagnostic(`Redis: ${kinds.map(({ name }) => name).join(" and ")}`);
  if (kinds.length === 1) t.diagnostic("No redis-server here, nor from Debian: the stand-in alone was used.");
});

cacheContract("memory", () => createMemoryCache());

test("the memory cache keeps so many entries, and drops what was not used for longest", async () => {
  const cache = createMemoryCache({ maxEntries: 3 });
  for (const key of ["a", "b", "c"]) await cache.set(key, key, 60);
  await cache.get("a");
  await cache.set("d", "d", 60);
  const found = await Promise.all(["a", "b", "c", "d"].map((key) => cache.get(key)));
  assert.deepEqual(found, ["a", null, "c", "d"]);
});

test("a refusal may stay as long as the token would be good", () => {
  assert.equal(CACHE_POLICIES.revoked.longestSeconds, ACCESS_SECONDS + TOLERANCE_SECONDS);
});

test("keys have a name space and a version, and no entry stays longer than its policy says", async () => {
  const kept: unknown[] = [];
  const cache = createMemoryCache();
  const entries = entriesOf({ ...cache, set: async (...entry) => void kept.push(entry) }, "revoked");
  await entries.set("x", "1", 59.2);
  await entries.set("y", "1", 1e9);
  await entries.set("z", "1", 0);
  await entries.set("z", "1", -5);
  assert.deepEqual(kept, [
    ["p3d:1:revoked:x", "1", 60],
    ["p3d:1:revoked:y", "1", 905],
  ]);
});

for (const { name, start } of kinds) {
  describe(`with ${name}`, () => {
    /** Longer than the product's: these are about what is answered, on a busy machine too. */
    const PATIENT = { answerMs: 20_000 };
    let redis: TestRedis;
    let direct: RedisCache;
    let fallback: FallbackCache;
    /** Calls of the fallback that got as far as Redis, and what it logged. */
    const asked: string[] = [];
    const logged: string[] = [];
    let answerMs = PATIENT.answerMs;
    const log = (message: unknown, facts?: unknown) => {
      logged.push(`${message} ${JSON.stringify(facts ?? {})}`);
    };
    const logger = { info: log, warn: log } as never;
    const untilThere = () => until("Redis is there", () => fallback.isThere());

    before(async () => {
      redis = await start();
      const ready = Promise.withResolvers<void>();
      const options = { url: redis.url, socketTimeoutMs: 10_000 };
      direct = connectRedis({ ...options, onReady: ready.resolve, onError: () => {} }, PATIENT);
      await ready.promise;
      fallback = createFallbackCache({
        logger,
        connect(events) {
          const patient = connectRedis({ ...options, ...events }, PATIENT);
          const hasty = connectRedis({ ...options, onReady() {}, onError() {} }, { answerMs: 50 });
          const through = (call: string) => {
            asked.push(call);
            return answerMs === 50 ? hasty : patient;
          };
          return {
            get: (key) => through("get").get(key),
            getMany: (keys) => through("getMany").getMany(keys),
            set: (...entry) => through("set").set(...entry),
            setMany: (entries) => through("setMany").setMany(entries),
            delete: (...keys) => through("delete").delete(...keys),
            clear: (pattern) => patient.clear(pattern),
            keys: (pattern) => patient.keys(pattern),
            usage: () => patient.usage(),
            probe: () => patient.probe(),
            dispose() {
              patient.dispose();
              hasty.dispose();
            },
          };
        },
      });
      await fallback.settled;
    });
    after(async () => {
      fallback?.dispose();
      direct?.dispose();
      await redis?.dispose();
    });

    cacheContract(`Redis (${name})`, () => direct);
    cacheContract(`Redis with memory behind it (${name})`, () => fallback);

    it("takes memory while Redis is away, and comes back by itself", async () => {
      await untilThere();
      await fallback.set("before", "1", 60);
      await redis.stop();
      logged.length = 0;
      assert.equal(await fallback.isThere(), false);
      assert.equal(await fallback.get("before"), null);
      await fallback.set("meanwhile", "2", 60);
      assert.equal(await fallback.get("meanwhile"), "2");
      await fallback.delete("meanwhile");
      assert.equal(await fallback.get("meanwhile"), null);
      await fallback.set("outdated soon", "3", 60);
      await redis.start();
      await untilThere();
      assert.equal(await fallback.get("outdated soon"), null);
      await fallback.set("after", "4", 60);
      await until("Redis has it", async () => (await direct.get("after").catch(() => null)) === "4");
      assert.equal(logged.filter((line) => line.startsWith("Redis answers")).length, 1);
    });

    it("leaves a Redis alone that hangs, so that only the first requests wait", async () => {
      await untilThere();
      await fallback.set("outdated", "1", 600);
      await fallback.set("outdated too", "1", 600);
      answerMs = 50;
      redis.freeze();
      try {
        asked.length = 0;
        assert.equal(await fallback.get("a"), null);
        for (let count = 0; count < 20; count += 1) {
          await fallback.set("a", String(count), 60);
          assert.equal(await fallback.get("a"), String(count));
        }
        assert.deepEqual(asked, ["get"]);
        await fallback.delete("outdated");
        await fallback.clear("outdated ?oo");
      } finally {
        redis.thaw();
        answerMs = PATIENT.answerMs;
      }
      await untilThere();
      assert.deepEqual(await direct.getMany(["outdated", "outdated too"]), [null, null]);
      await fallback.set("a", "again", 60);
      assert.equal(await direct.get("a"), "again");
    });

    it("gives up a connection that says nothing for REDIS_SOCKET_TIMEOUT, and makes another", async (t) => {
      const reasons: string[] = [];
      const options = { url: redis.url, socketTimeoutMs: 1000 };
      const onError = (error: Error) => void reasons.push(error.message);
      const short = connectRedis({ ...options, onReady() {}, onError }, PATIENT);
      t.after(() => short.dispose());
      const gives = async () => (await short.get("nothing").catch(() => "no answer")) === null;
      await until("it is connected", gives);
      redis.freeze();
      try {
        await until("the connection is given up", () => reasons.some((reason) => /timeout/i.test(reason)));
      } finally {
        redis.thaw();
      }
      await until("there is another", gives);
      await untilThere();
    });

    it("takes memory while Redis is full, and says so once", async () => {
      await untilThere();
      await redis.send("CONFIG", "SET", "maxmemory", "1");
      logged.length = 0;
      for (let count = 0; count < 5; count += 1) await fallback.set("b", String(count), 60);
      assert.equal(await fallback.isThere(), false);
      await fallback.set("b", "last", 60);
      assert.equal(await fallback.get("b"), "last");
      assert.deepEqual(
        logged.map((line) => /away.*OOM/.test(line)),
        [true],
      );
      await redis.send("CONFIG", "SET", "maxmemory", "0");
      await untilThere();
    });

    it("starts without a Redis that is away or refuses the password, and keeps the password out of the log", async () => {
      for (const [url, state] of [
        ["redis://:pass-word-6161@127.0.0.1:9", "away"],
        [redis.url.replace(/:[^:@]+@/, ":pass-word-6161@"), "away"],
        [redis.url, "shared"],
      ]) {
        logged.length = 0;
        const redis = { url, socketTimeoutMs: 10_000, maxConnections: 100 };
        const opened = await openCache({ ...SPACE, redis, logger, ...PATIENT });
        try {
          if (state === "shared") await until(state, async () => (await opened.state()) === state);
          else assert.equal(await opened.state(), state);
          await opened.cache.set("c", "1", 60);
          assert.equal(await opened.cache.get("c"), "1");
          if (state === "away")
            await until("it is told", () => /Redis is away.*(REFUSED|WRONGPASS)/.test(logged.join()));
        } finally {
          opened.dispose();
        }
        assert.ok(!logged.join().includes("6161"), logged.join());
      }
    });
  });
}

test("without a Redis nothing but memory is used, and no client is loaded", async () => {
  const opened = await openCache({ ...SPACE, redis: null, logger: {} as never });
  assert.equal(await opened.state(), "memory");
  await opened.cache.set("a", "1", 60);
  assert.equal(await opened.cache.get("a"), "1");
  opened.dispose();
  const program = `
    import { createRequire } from "node:module";
    import { openCache } from ${JSON.stringify(pathToFileURL(OPEN_CACHE).href)};
    const { cache } = createRequire(import.meta.url);
    const isLoaded = () => Object.keys(cache).some((name) => /@redis/.test(name));
    const space = { compressionBytes: 1024, prefix: "" };
    const before = await openCache({ ...space, redis: null, logger: {} });
    console.log(isLoaded());
    const redis = { url: "redis://127.0.0.1:9", socketTimeoutMs: 1000 };
    const opened = await openCache({ ...space, redis, logger: { info() {}, warn() {} } });
    console.log(isLoaded());
    opened.dispose();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  assert.equal(stdout, "false\ntrue\n");
});
