import { LRUCache } from "lru-cache";
import type { Cache } from "./cache.ts";

const MEBIBYTE = 1024 ** 2;
/** What an entry costs beside its texts, about, bytes. */
const OVERHEAD = 200;

/** What a cache of this process holds; bytes by the sizes of its texts. */
export interface MemoryUsage {
  entries: number;
  bytes: number;
  maxBytes: number;
}

/** A cache of this process alone. */
export interface MemoryCache extends Cache {
  usage(): MemoryUsage;
}

/** Keeps so many entries and bytes; what was not used for longest goes first. */
export function createMemoryCache({ maxEntries = 10_000, maxBytes = 32 * MEBIBYTE } = {}): MemoryCache {
  const entries = new LRUCache<string, string>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: (value, key) => Buffer.byteLength(value) + Buffer.byteLength(key) + OVERHEAD,
  });
  const get = (key: string) => entries.get(key) ?? null;
  const set = (key: string, value: string, ttlSeconds: number) =>
    void entries.set(key, value, { ttl: ttlSeconds * 1000 });
  const keys = (pattern: string) => {
    const isMeant = matcher(pattern);
    return [...entries.keys()].filter((key) => isMeant.test(key) && entries.has(key));
  };
  return {
    get: async (key) => get(key),
    getMany: async (wanted) => wanted.map(get),
    set: async (...entry) => set(...entry),
    async setMany(given) {
      for (const { key, value, ttlSeconds } of given) set(key, value, ttlSeconds);
    },
    async delete(...gone) {
      for (const key of gone) entries.delete(key);
    },
    clear: async (pattern) => keys(pattern).filter((key) => entries.delete(key)).length,
    keys: async (pattern) => keys(pattern),
    usage: () => ({ entries: entries.size, bytes: entries.calculatedSize, maxBytes }),
  };
}

const ANY: Record<string, string> = { "*": ".*", "?": "." };

const matcher = (pattern: string) =>
  new RegExp(
    `^${pattern.replace(/[^\w]/g, (sign) => ANY[sign] ?? `\\u{${sign.codePointAt(0)!.toString(16)}}`)}$`,
    "su",
  );
