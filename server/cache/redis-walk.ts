import { makeClient, type RedisClient, type RedisOptions } from "./redis-client.ts";

/** Keys that are looked at together. */
const SCAN = 1000;

/** Redis' own patterns have more signs that mean something than ours. Source: redis.io/commands/keys */
const escaped = (pattern: string) => pattern.replace(/[[\]\\^]/g, "\\$&");

/**
 * Walks over all keys of Redis. A walk has a connection of its own for its time, where `maxConnections` allows one, so
 * that nobody waits behind it.
 */
export function createWalks(client: RedisClient, options: RedisOptions & { maxConnections: number }) {
  let open = 1;

  async function ownConnection(): Promise<RedisClient | null> {
    if (open >= options.maxConnections) return null;
    open += 1;
    const own = makeClient(options, { once: true });
    own.on("error", () => {});
    try {
      return await own.connect();
    } catch (error) {
      open -= 1;
      throw error;
    }
  }

  return {
    /** Connections that are open now. */
    connections: () => open,
    /** Gives the keys that a pattern means in lists, some maybe twice. */
    async walk(pattern: string, onKeys: (keys: string[], walker: RedisClient) => unknown): Promise<void> {
      const own = await ownConnection();
      const walker = own ?? client;
      try {
        for await (const keys of walker.scanIterator({ MATCH: escaped(pattern), COUNT: SCAN })) {
          if (keys.length > 0) await onKeys(keys, walker);
        }
      } finally {
        if (own) {
          open -= 1;
          own.destroy();
        }
      }
    },
  };
}
