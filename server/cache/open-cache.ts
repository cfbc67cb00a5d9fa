import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import type { Logger } from "../logger.ts";
import type { Cache } from "./cache.ts";
import { createMemoryCache } from "./memory-cache.ts";

/** How long the start may wait for a Redis that says nothing. */
const START_MS = 2000;
const CHECK_MS = 1000;

export interface OpenCache {
  cache: Cache;
  /** `memory`: there is no other; `shared`: Redis answers; `away`: it does not, and memory is used meanwhile. */
  state(): Promise<"memory" | "shared" | "away">;
  dispose(): void;
}

/** The cache of the settings: Redis with memory behind it, or memory alone, for which no client is loaded. */
export async function openCache(
  redis: Config["redis"],
  logger: Logger,
  pace?: { answerMs: number },
): Promise<OpenCache> {
  if (!redis) return { cache: createMemoryCache(), state: async () => "memory", dispose() {} };
  const [{ connectRedis }, { createFallbackCache }] = await Promise.all([
    import("./redis-cache.ts"),
    import("./fallback-cache.ts"),
  ]);
  const cache = createFallbackCache({
    connect: (events) => connectRedis({ ...redis, ...events }, pace),
    logger,
  });
  await atMost(START_MS, cache.settled);
  return {
    cache,
    async state() {
      return (await atMost(CHECK_MS, cache.isThere())) ? "shared" : "away";
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
