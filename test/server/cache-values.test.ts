import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it, test } from "node:test";
import type { Cache } from "../../server/cache/cache.ts";
import { decodeText, encodeText } from "../../server/cache/encoding.ts";
import { isDue, packValue, unpackValue } from "../../server/cache/kept-value.ts";
import { createMemoryCache } from "../../server/cache/memory-cache.ts";
import { createMissedDeletions } from "../../server/cache/missed-deletions.ts";
import { cacheKey } from "../../server/cache/policies.ts";
import { connectRedis, type RedisCache } from "../../server/cache/redis-cache.ts";
import { createRemembered } from "../../server/cache/remembered.ts";
import { createCacheStatistics } from "../../server/cache/statistics.ts";
import { redisKinds, type TestRedis } from "../support/redis/test-redis.ts";

const PATIENT = { answerMs: 20_000 };

/** One process, as far as its cache is concerned. */
function makeProcess(cache: Cache, compressionBytes = 1024) {
  const statistics = createCacheStatistics();
  const logger = { warn: (...words: unknown[]) => assert.fail(String(words)) } as never;
  const remembered = createRemembered({ cache, isShared: () => true, statistics, compressionBytes, logger });
  return { statistics, ...remembered };
}

const tags = () => ({ kind: "user-data", id: randomUUID(), group: randomUUID() }) as const;

/** What every process must see, whichever cache they have. */
function rememberedContract(name: string, make: () => Cache) {
  describe(`remembered values: ${name}`, () => {
    it("makes a value once for all who ask at the same time, and keeps it", async () => {
      const { read, statistics } = makeProcess(make());
      const which = tags();
      let made = 0;
      const load = async () => {
        made += 1;
        return { made, at: [null, 1.5, "ü"] };
      };
      const found = await Promise.all(Array.from({ length: 100 }, () => read(which, load)));
      assert.deepEqual(new Set(found.map((value) => JSON.stringify(value))).size, 1);
      assert.equal(made, 1);
      assert.deepEqual(await read(which, load), { made: 1, at: [null, 1.5, "ü"] });
      const { hits, misses, loads, latencyMs } = statistics.read("user-data");
      assert.deepEqual([hits, misses, loads], [1, 100, 1]);
      assert.ok(latencyMs!.p50 <= latencyMs!.p95);
    });

    it("never counts a value that was made of what was there before a change, in any process", async () => {
      const cache = make();
      const [one, other] = [makeProcess(cache), makeProcess(cache)];
      const which = tags();
      let row = "before";
      const held = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const slow = one.read(which, async () => {
        const seen = row;
        begun.resolve();
        await held.promise;
        return seen;
      });
      await begun.promise;
      row = "after";
      await other.outdate(which.kind, which.group);
      for (const reader of [one, other]) assert.equal(await reader.read(which, async () => row), "after");
      held.resolve();
      assert.equal(await slow, "before");
      // The late value is there now, and nobody takes it.
      for (const reader of [one, other]) assert.equal(await reader.read(which, async () => row), "after");
    });

    it("outdates a group and no other", async () => {
      const process = makeProcess(make());
      const [one, same, other] = [tags(), tags(), tags()];
      const related = { ...same, group: one.group };
      for (const which of [one, related, other]) await process.read(which, async () => "old");
      await process.outdate("user-data", one.group);
      const found = [];
      for (const which of [one, related, other]) found.push(await process.read(which, async () => "new"));
      assert.deepEqual(found, ["new", "new", "old"]);
    });

    it("keeps nothing of what failed", async () => {
      const { read } = makeProcess(make());
      const which = tags();
      const fail = () => read(which, () => Promise.reject(new Error("the database is away")));
      for (const { status } of await Promise.allSettled([fail(), fail()])) assert.equal(status, "rejected");
      assert.equal(await read(which, async () => 1), 1);
    });

    it("keeps long values compressed, short ones as they are, and gives both back", async () => {
      const cache = make();
      const { read } = makeProcess(cache, 1000);
      for (const [value, isShort] of [
        ["x".repeat(100_000), true],
        ["x".repeat(500), false],
      ] as const) {
        const which = tags();
        await read(which, async () => value);
        assert.equal(await read(which, async () => "made anew"), value);
        const kept = (await cache.get(cacheKey(which.kind, which.id)))!;
        assert.equal(kept.length < value.length, isShort);
      }
    });

    it("makes a value anew where what is kept can't be read", async () => {
      const cache = make();
      const { read } = makeProcess(cache);
      const which = tags();
      await read(which, async () => 1);
      const key = cacheKey(which.kind, which.id);
      const mark = (await cache.get(key))!.split(" ")[0];
      for (const broken of [
        "",
        "x",
        `${mark} 99999999999999 1 dnot deflated`,
        `${mark} 99999999999999 1 q`,
      ]) {
        await cache.set(key, broken, 60);
        assert.equal(await read(which, async () => broken), broken);
      }
    });
  });
}

rememberedContract("memory", () => createMemoryCache());

for (const { name, start } of await redisKinds()) {
  describe(`with ${name}`, () => {
    let redis: TestRedis;
    let cache: RedisCache;
    before(async () => {
      redis = await start();
      const ready = Promise.withResolvers<void>();
      const options = { url: redis.url, socketTimeoutMs: 10_000, maxConnections: 2, prefix: "here:" };
      cache = connectRedis({ ...options, onReady: ready.resolve, onError: () => {} }, PATIENT);
      await ready.promise;
    });
    after(async () => {
      cache?.dispose();
      await redis?.dispose();
    });

    rememberedContract(`Redis (${name})`, () => cache);

    it("tells its memory and connections, and goes back to one connection", async () => {
      await cache.clear("nothing:*");
      const { version, memory, connections } = await cache.usage();
      assert.match(version!, /^\d+\.\d+/);
      assert.ok(memory.bytes > 1000 && memory.maxBytes === null);
      assert.deepEqual([connections.own, connections.max], [1, 2]);
    });

    it("leaves the keys of other installations alone", async () => {
      await cache.set("shared", "ours", 60);
      await redis.send("SET", "there:shared", "theirs", "EX", "60");
      assert.deepEqual(await cache.keys("*shared"), ["shared"]);
      await cache.clear("*");
      assert.equal(await cache.get("shared"), null);
      assert.equal(await redis.send("GET", "there:shared"), "theirs");
    });
  });
}

test("texts of all kinds come back as they were, compressed or not", async () => {
  for (const text of [
    "",
    " ",
    "ü".repeat(600),
    "\u{1f98a}".repeat(600),
    JSON.stringify({ a: "x".repeat(5000) }),
  ]) {
    for (const limit of [null, 0, 1024, 1e9])
      assert.equal(await decodeText(await encodeText(text, limit)), text);
    const value = { text, mark: "m", endsAt: 123, madeInMs: 4 };
    assert.deepEqual(await unpackValue(await packValue(value, 0)), value);
  }
});

test("a value is made anew early where its end is near and it was dear, and never long before", () => {
  const value = { text: "", mark: "", endsAt: 100_000, madeInMs: 1000 };
  assert.equal(isDue(value, 100_000, 1), true);
  assert.equal(isDue(value, 99_500, 0.5), true);
  assert.equal(isDue(value, 99_500, 0.7), false);
  assert.equal(isDue(value, 40_000, 1e-9), false);
});

test("what is cheap to make is not kept, and what is dear as long as its policy says at most", async () => {
  const kept: number[] = [];
  const memory = createMemoryCache();
  const cache = {
    ...memory,
    set: async (_key: string, _value: string, seconds: number) => void kept.push(seconds),
  };
  const { read } = makeProcess(cache);
  await read({ kind: "analytics", id: "cheap" }, async () => 1);
  const [markSeconds, ...values] = kept;
  assert.equal(markSeconds, 24 * 3600);
  for (const seconds of values) assert.ok(seconds >= 1 && seconds <= 1800, String(seconds));
});

test("deletions that a cache missed are made up for, also those that came in the middle of it", async () => {
  const missed = createMissedDeletions();
  const cache = createMemoryCache();
  for (const key of ["a", "b", "c:1", "c:2", "d"]) await cache.set(key, key, 60);
  missed.addKeys(["a"]);
  missed.addPattern("c:*");
  await assert.rejects(
    missed.replay({
      delete: () => Promise.reject(new Error("away")),
      clear: cache.clear,
    }),
    /away/,
  );
  missed.addKeys(["b"]);
  while (missed.isPending()) await missed.replay(cache);
  assert.deepEqual(await cache.keys("*"), ["d"]);
});
