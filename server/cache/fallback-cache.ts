import type { Logger } from "../logger.ts";
import type { Cache } from "./cache.ts";
import { createMemoryCache, type MemoryUsage } from "./memory-cache.ts";
import { createMissedDeletions } from "./missed-deletions.ts";
import type { connectRedis, RedisCache } from "./redis-cache.ts";
import { reasonOf } from "./redis-client.ts";

const CHECK_MS = 30_000;

type Events = Pick<Parameters<typeof connectRedis>[0], "onReady" | "onError">;

interface Options {
  connect: (events: Events) => RedisCache;
  logger: Pick<Logger, "info" | "warn">;
  checkMs?: number;
  /** Told the keys of each question that Redis failed to answer. */
  onFailure?: (keys: readonly string[]) => void;
}

/** Redis, and the memory of this process for as long as that is away. No call of it rejects. */
export interface FallbackCache extends Cache {
  /** Resolves once it is known whether Redis is there. */
  settled: Promise<void>;
  /** Whether the values are those of all processes now. */
  isShared(): boolean;
  /** Asks now whether it is there. */
  isThere(): Promise<boolean>;
  usage(): { memory: MemoryUsage; redis: ReturnType<RedisCache["usage"]> };
  dispose(): void;
}

/**
 * After a failure Redis is left alone until it takes and gives a value again, which is tried at once, with each new
 * connection, and every 30 seconds. So a Redis that hangs costs a few requests their short wait and no other. What was
 * deleted meanwhile is deleted there before anybody asks it again.
 */
export function createFallbackCache(options: Options): FallbackCache {
  const { connect, logger, checkMs = CHECK_MS, onFailure = () => {} } = options;
  const memory = createMemoryCache();
  const missed = createMissedDeletions();
  const settled = Promise.withResolvers<void>();
  let isAway = true;
  let isDisposed = false;
  let lastReason = "";
  let probing: Promise<boolean> | null = null;

  function leave(error: Error): void {
    if (isDisposed) return;
    const reason = reasonOf(error);
    if (!isAway || reason !== lastReason) {
      logger.warn("Redis is away; the cache is in memory meanwhile", { reason });
    }
    isAway = true;
    lastReason = reason;
    settled.resolve();
  }

  async function comeBack(): Promise<boolean> {
    // From the last look to the end of this function nothing else can run.
    while (missed.isPending()) await missed.replay(redis);
    if (isAway) {
      // What it holds may be outdated by the next time that it is needed.
      void memory.clear("*");
      logger.info("Redis answers; the cache is there");
    }
    isAway = false;
    settled.resolve();
    return true;
  }

  function probe(): Promise<boolean> {
    probing ??= redis
      .probe()
      .then(comeBack)
      .catch((error) => {
        leave(error);
        return false;
      })
      .finally(() => {
        probing = null;
      });
    return probing;
  }

  const redis = connect({ onReady: () => void probe(), onError: leave });
  const timer = setInterval(() => void probe(), checkMs).unref();

  async function attempt<T>(keys: readonly string[], work: (cache: Cache) => Promise<T>): Promise<T> {
    if (isAway) return work(memory);
    try {
      return await work(redis);
    } catch (error) {
      onFailure(keys);
      leave(error as Error);
      // It may only have been late.
      void probe();
      return work(memory);
    }
  }

  return {
    get: (key) => attempt([key], (cache) => cache.get(key)),
    getMany: (keys) => attempt(keys, (cache) => cache.getMany(keys)),
    set: (...entry) => attempt([entry[0]], (cache) => cache.set(...entry)),
    setMany: (entries) =>
      attempt(
        entries.map(({ key }) => key),
        (cache) => cache.setMany(entries),
      ),
    delete: (...keys) =>
      attempt(keys, async (cache) => {
        if (cache === memory) missed.addKeys(keys);
        await cache.delete(...keys);
      }),
    clear: (pattern) =>
      attempt([pattern], async (cache) => {
        if (cache === memory) missed.addPattern(pattern);
        return cache.clear(pattern);
      }),
    keys: (pattern) => attempt([pattern], (cache) => cache.keys(pattern)),
    settled: settled.promise,
    isShared: () => !isAway,
    isThere: probe,
    usage: () => ({ memory: memory.usage(), redis: redis.usage() }),
    dispose() {
      isDisposed = true;
      clearInterval(timer);
      redis.dispose();
    },
  };
}
