import { LRUCache } from "lru-cache";
import type { Cache } from "./cache.ts";

/** A cache of this process alone. */
export interface MemoryCache extends Cache {
  clear(): void;
}

/** Keeps so many entries; what was not used for longest goes first. */
export function createMemoryCache({ maxEntries = 10_000 } = {}): MemoryCache {
  const entries = new LRUCache<string, string>({ max: maxEntries });
  return {
    get: async (key) => entries.get(key) ?? null,
    async set(key, value, ttlSeconds) {
      entries.set(key, value, { ttl: ttlSeconds * 1000 });
    },
    async delete(key) {
      entries.delete(key);
    },
    clear: () => entries.clear(),
  };
}
