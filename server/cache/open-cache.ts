import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import type { Logger } from "../logger.ts";
import type { Cache } from "./cache.ts";
import { createMemoryCache, type MemoryUsage } from "./memory-cache.ts";
import { kindOfKey } from "./policies.ts";
import type { RedisUsage } from "./redis-facts.ts";
import { createRemembered, type Remembered } from "./remembered.ts";
import { type CacheStatistics, createCacheStatistics } from "./statistics.ts";

/** How long the start may wait for a Redis that says nothing. */
const START_MS = 2000;
const CHECK_MS = 1000;

export interface OpenCache {
  cache: Cache;
  remembered: Remembered;
  statistics: CacheStatistics;
  /** `memory`: there is no other; `shared`: Redis answers; `away`: it does not, and memory is used meanwhile. */
  state(): Promise<"memory" | "shared" | "away">;
  /** Null for a Redis that does not answer, or is not there. */
  usage(): Promise<{ memory: MemoryUsage; redis: RedisUsage | null }>;
  dispose(): void;
}

interface Options {
  redis: Config["redis"];
  logger: Logger;
  /** Texts that are longer are compressed, bytes. */
  compressionBytes: number;
  /** In front of all keys in Redis, for installations that share one. */
  prefix: string;
  answerMs?: number;
}

/** The cache of the settings: Redis with memory behind it, or memory alone, for which no client is loaded. */
export async function openCache(options: Options): Promise<OpenCache> {
  const statistics = createCacheStatistics();
  const { redis, logger, answerMs } = options;
  if (!redis) {
    const cache = createMemoryCache();
    return {
      cache,
      remembered: createRemembered({ ...options, cache, statistics, isShared: () => false }),
      statistics,
      state: async () => "memory",
      usage: async () => ({ memory: cache.usage(), redis: null }),
      dispose() {},
    };
  }
  const [{ connectRedis }, { createFallbackCache }] = await Promise.all([
    import("./redis-cache.ts"),
    import("./fallback-cache.ts"),
  ]);
  const cache = createFallbackCache({
    connect: (events) => connectRedis({ ...redis, prefix: options.prefix, ...events }, { answerMs }),
    logger,
    onFailure(keys) {
      const kinds = new Set(keys.map(kindOfKey));
      for (const kind of kinds) if (kind) statistics.note({ kind, outcome: "error", seconds: 0 });
    },
  });
  await atMost(START_MS, cache.settled);
  return {
    cache,
    remembered: createRemembered({ ...options, cache, statistics, isShared: cache.isShared }),
    statistics,
    async state() {
      return (await atMost(Math.max(CHECK_MS, answerMs ?? 0), cache.isThere())) ? "shared" : "away";
    },
    async usage() {
      const { memory, redis: asked } = cache.usage();
      return { memory, redis: await asked.catch(() => null) };
    },
    dispose: () => cache.dispose(),
  };
}

/** Undefined where it takes longer. */
async function atMost<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const done = new AbortController();
  const limit = sleep(ms, undefined, { signal: done.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, limit]);
  } finally {
    done.abort();
  }
}
