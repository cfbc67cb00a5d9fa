import type { Logger } from "../logger.ts";
import type { Cache } from "./cache.ts";
import { createMemoryCache } from "./memory-cache.ts";
import { type connectRedis, type RedisCache, reasonOf } from "./redis-cache.ts";

const CHECK_MS = 30_000;

type Events = Pick<Parameters<typeof connectRedis>[0], "onReady" | "onError">;

interface Options {
  connect: (events: Events) => RedisCache;
  logger: Pick<Logger, "info" | "warn">;
  checkMs?: number;
}

/** Redis, and the memory of this process for as long as that is away. No call of it rejects. */
export interface FallbackCache extends Cache {
  /** Resolves once it is known whether Redis is there. */
  settled: Promise<void>;
  /** Asks now whether it is there. */
  isThere(): Promise<boolean>;
  dispose(): void;
}

/**
 * After a failure Redis is left alone until it takes and gives a value again, which is tried at once, with each new
 * connection, and every 30 seconds. So a Redis that hangs costs a few requests their short wait and no other.
 */
export function createFallbackCache({ connect, logger, checkMs = CHECK_MS }: Options): FallbackCache {
  const memory = createMemoryCache();
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

  function comeBack(): void {
    if (isAway) {
      // What it holds may be outdated by the next time that it is needed.
      memory.clear();
      logger.info("Redis answers; the cache is there");
    }
    isAway = false;
    settled.resolve();
  }

  function probe(): Promise<boolean> {
    probing ??= redis
      .probe()
      .then(
        () => {
          comeBack();
          return true;
        },
        (error) => {
          leave(error);
          return false;
        },
      )
      .finally(() => {
        probing = null;
      });
    return probing;
  }

  const redis = connect({ onReady: () => void probe(), onError: leave });
  const timer = setInterval(() => void probe(), checkMs).unref();

  async function attempt<T>(work: (cache: Cache) => Promise<T>): Promise<T> {
    if (isAway) return work(memory);
    try {
      return await work(redis);
    } catch (error) {
      leave(error as Error);
      // It may only have been late.
      void probe();
      return work(memory);
    }
  }

  return {
    get: (key) => attempt((cache) => cache.get(key)),
    set: (key, value, ttlSeconds) => attempt((cache) => cache.set(key, value, ttlSeconds)),
    delete: (key) => attempt((cache) => cache.delete(key)),
    settled: settled.promise,
    isThere: probe,
    dispose() {
      isDisposed = true;
      clearInterval(timer);
      redis.dispose();
    },
  };
}
