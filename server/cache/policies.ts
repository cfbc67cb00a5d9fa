import type { Cache } from "./cache.ts";
import type { CacheStatistics } from "./statistics.ts";

interface Policy {
  /** Part of the keys: another number where the form of the values changes, so that nobody reads the former ones. */
  version: number;
  /** No entry stays longer. */
  longestSeconds: number;
  /** So many times as long as making it took, at most: with 200 that takes half a percent of the time. */
  timesMade?: number;
  /** The same while there is no Redis, for values that another process may outdate without this one knowing. */
  aloneSeconds?: number;
  /** Long values are kept compressed. */
  isCompressed: boolean;
}

/**
 * What is kept, one line for each kind of data; `npm run bench -- measureCache` has the figures. Left out, for a row by
 * its key takes Postgres some tenths of a millisecond and the cache would save but a part of that: who makes a request
 * (only the database can tell that a session has ended or an account is disabled, and it is refused at once), rows of
 * models, files and links. Switches and settings are in the memory of each process anyway.
 */
export const CACHE_POLICIES = {
  /** Access tokens that are refused, by id, for the rest of their life: 15 minutes, and what clocks may differ. */
  revoked: { version: 1, longestSeconds: 15 * 60 + 5, isCompressed: false },
  /** Figures over everything that there is; they may be that old, and say so. */
  analytics: { version: 1, longestSeconds: 30 * 60, timesMade: 200, isCompressed: true },
  /** What is counted from the records of people; it goes with each change of them. */
  "user-data": { version: 1, longestSeconds: 30 * 60, aloneSeconds: 10, isCompressed: true },
} as const satisfies Record<string, Policy>;

export type CacheKind = keyof typeof CACHE_POLICIES;

export const CACHE_KINDS = Object.keys(CACHE_POLICIES) as CacheKind[];

export const policyOf = (kind: CacheKind): Policy => CACHE_POLICIES[kind];

/** The key of an entry, such as `p3d:1:revoked:ID`. */
export const cacheKey = (kind: CacheKind, id: string) => `p3d:${CACHE_POLICIES[kind].version}:${kind}:${id}`;

/** Beginning of the ids of marks, which are no values. */
export const MARK = "mark:";

/** The pattern of all our keys. */
export const EVERYTHING = "p3d:*";

/** The kind of data that a key is of, null for any other key. */
export function kindOfKey(key: string): CacheKind | null {
  const kind = /^p3d:\d+:([a-z-]+):/.exec(key)?.[1] as CacheKind;
  return CACHE_KINDS.includes(kind) ? kind : null;
}

/** The entries of one kind in a cache, by id, kept as its policy says. */
export function entriesOf(cache: Cache, kind: CacheKind, statistics?: CacheStatistics) {
  const { longestSeconds } = CACHE_POLICIES[kind];
  return {
    async get(id: string): Promise<string | null> {
      const startedAt = performance.now();
      const found = await cache.get(cacheKey(kind, id));
      const outcome = found === null ? "miss" : "hit";
      statistics?.note({ kind, outcome, seconds: (performance.now() - startedAt) / 1000 });
      return found;
    },
    /** Nothing is kept where no time is left. */
    async set(id: string, value: string, ttlSeconds: number): Promise<void> {
      const seconds = Math.min(Math.ceil(ttlSeconds), longestSeconds);
      if (seconds > 0) await cache.set(cacheKey(kind, id), value, seconds);
    },
  };
}
