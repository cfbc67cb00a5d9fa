import type { Cache } from "./cache.ts";

interface Policy {
  /** Part of the keys: another number where the form of the values changes, so that nobody reads the former ones. */
  version: number;
  /** No entry stays longer. */
  longestSeconds: number;
}

/** What is kept, one line for each kind of data. */
export const CACHE_POLICIES = {
  /** Access tokens that are refused, by id, for the rest of their life: 15 minutes, and what clocks may differ. */
  revoked: { version: 1, longestSeconds: 15 * 60 + 5 },
} as const satisfies Record<string, Policy>;

export type CacheKind = keyof typeof CACHE_POLICIES;

/** The key of an entry, such as `p3d:1:revoked:ID`. */
export const cacheKey = (kind: CacheKind, id: string) => `p3d:${CACHE_POLICIES[kind].version}:${kind}:${id}`;

/** The entries of one kind in a cache, by id, kept as its policy says. */
export function entriesOf(cache: Cache, kind: CacheKind) {
  const { longestSeconds } = CACHE_POLICIES[kind];
  return {
    get: (id: string) => cache.get(cacheKey(kind, id)),
    /** Nothing is kept where no time is left. */
    async set(id: string, value: string, ttlSeconds: number): Promise<void> {
      const seconds = Math.min(Math.ceil(ttlSeconds), longestSeconds);
      if (seconds > 0) await cache.set(cacheKey(kind, id), value, seconds);
    },
  };
}
