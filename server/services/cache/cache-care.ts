import type { OpenCache } from "../../cache/open-cache.ts";
import {
  CACHE_KINDS,
  type CacheKind,
  cacheKey,
  EVERYTHING,
  kindOfKey,
  MARK,
  policyOf,
} from "../../cache/policies.ts";
import type { CacheStats } from "../../contract/cache.ts";

/** How the cache does, in this process and in Redis. */
export async function readCacheStats({ cache, statistics, state, usage }: OpenCache): Promise<CacheStats> {
  const [found, now, { memory, redis }] = await Promise.all([cache.keys(EVERYTHING), state(), usage()]);
  const counts = found && countByKind(found);
  return {
    state: now,
    since: statistics.since.toISOString(),
    policies: CACHE_KINDS.map((kind) => {
      const { longestSeconds, isCompressed } = policyOf(kind);
      const figures = statistics.read(kind);
      const asked = figures.hits + figures.misses;
      return {
        name: kind,
        ttlSeconds: longestSeconds,
        compressed: isCompressed,
        ...figures,
        hitRate: asked > 0 ? figures.hits / asked : null,
        entries: counts && (counts.get(kind) ?? 0),
      };
    }),
    memory,
    redis,
  };
}

function countByKind(keys: readonly string[]): Map<CacheKind, number> {
  const counts = new Map<CacheKind, number>();
  for (const key of keys) {
    const kind = kindOfKey(key);
    if (kind && !key.startsWith(cacheKey(kind, MARK))) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/**
 * Deletes entries by a pattern of `KIND:ID`, or of kinds alone; answers how many. The refused tokens are meant only
 * where their kind is named in full: the database knows them too, so that lets nobody in, but each is asked for again.
 */
export async function clearCache({ cache }: Pick<OpenCache, "cache">, pattern: string): Promise<number> {
  const [, kindPattern, idPattern = "*"] = /^([^:]*)(?::(.*))?$/.exec(pattern) ?? [];
  const sign = { "*": ".*", "?": "." } as Record<string, string>;
  const isMeant = new RegExp(
    `^${(kindPattern ?? "").replace(/[^\w-]/g, (text) => sign[text] ?? `\\${text}`)}$`,
  );
  const kinds = CACHE_KINDS.filter(
    (kind) => isMeant.test(kind) && (kind !== "revoked" || kindPattern === kind),
  );
  const counts = await Promise.all(kinds.map((kind) => cache.clear(cacheKey(kind, idPattern))));
  return counts.reduce((sum, count) => sum + count, 0);
}
