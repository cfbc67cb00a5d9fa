/** What Redis tells of itself. */
export interface RedisUsage {
  version: string | null;
  memory: { bytes: number; maxBytes: number | null };
  connections: { own: number; max: number; all: number };
  evictedKeys: number;
}

/** A fact of what INFO answers, null where it is not told. Source: redis.io/commands/info */
export const factOf = (info: string, name: string): string | null =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? null;

/** The facts of an answer of INFO; zeros for what it does not tell. */
export function factsOf(info: string, { own, max }: { own: number; max: number }): RedisUsage {
  const number = (name: string) => Number(factOf(info, name) ?? 0);
  return {
    version: factOf(info, "redis_version"),
    memory: { bytes: number("used_memory"), maxBytes: number("maxmemory") || null },
    connections: { own, max, all: Math.max(own, number("connected_clients")) },
    evictedKeys: number("evicted_keys"),
  };
}
