import { randomUUID } from "node:crypto";
import type { Cache } from "./cache.ts";
import { makeClient, type RedisOptions, within } from "./redis-client.ts";
import { factsOf, type RedisUsage } from "./redis-facts.ts";
import { createWalks } from "./redis-walk.ts";

/** No request waits longer for the cache. */
export const ANSWER_MS = 250;

/** With more keys in Redis nobody counts ours. */
const COUNTED = 100_000;

/** A cache of all processes. Each call rejects where Redis does not answer in time. */
export interface RedisCache extends Cache {
  /** Resolves once it takes and gives a value; only the end of the connection is its limit. */
  probe(): Promise<void>;
  usage(): Promise<RedisUsage>;
  dispose(): void;
}

interface Options extends RedisOptions {
  /** Connections of this process at most. */
  maxConnections?: number;
  /** In front of all keys, for installations that share a Redis. */
  prefix?: string;
  onReady(): void;
  /** Also for each vain attempt to connect. */
  onError(error: Error): void;
}

/**
 * Connects in the background, and again whenever the connection is lost. Everything goes over one connection, where
 * questions don't wait for the answers before them: the client's pools answer a quarter as many. Only walks over all
 * keys have another one for their time, where `maxConnections` allows it.
 */
export function connectRedis(options: Options, { answerMs = ANSWER_MS } = {}): RedisCache {
  const { maxConnections = 1, prefix = "" } = options;
  const client = makeClient(options);
  const { walk, connections } = createWalks(client, { ...options, maxConnections });
  let lastError = new Error("Redis does not answer");
  client.on("ready", () => options.onReady());
  client.on("error", (error) => {
    lastError = error;
    options.onError(error);
  });
  // It rejects only when it is disposed of before it came about.
  client.connect().catch(() => {});
  const full = (key: string) => prefix + key;
  const set = async (key: string, value: string, seconds: number) => {
    await client.set(full(key), value, { expiration: { type: "EX", value: seconds } });
  };
  const probeKey = `p3d:probe:${randomUUID()}`;
  return {
    get: (key) => within(answerMs, client.get(full(key))),
    getMany: async (keys) => (keys.length > 0 ? within(answerMs, client.mGet(keys.map(full))) : []),
    set: (key, value, ttlSeconds) => within(answerMs, set(key, value, ttlSeconds)),
    async setMany(entries) {
      // Sent together, for they are of one turn of the event loop.
      const sent = entries.map(({ key, value, ttlSeconds }) => set(key, value, ttlSeconds));
      await within(answerMs, Promise.all(sent));
    },
    async delete(...keys) {
      if (keys.length > 0) await within(answerMs, client.del(keys.map(full)));
    },
    async clear(pattern) {
      let removed = 0;
      await walk(full(pattern), async (keys, walker) => {
        removed += await walker.del(keys);
      });
      return removed;
    },
    async keys(pattern) {
      if ((await within(answerMs, client.dbSize())) > COUNTED) return null;
      const found = new Set<string>();
      await walk(full(pattern), (keys) => {
        for (const key of keys) found.add(key.slice(prefix.length));
      });
      return [...found];
    },
    async probe() {
      if (!client.isReady) throw lastError;
      const value = String(performance.now());
      const [, found] = await Promise.all([set(probeKey, value, 60), client.get(full(probeKey))]);
      if (found !== value) throw new Error("Redis does not give back what it was given");
    },
    async usage() {
      // A user of it may be kept from asking.
      const told = await within(answerMs, client.info()).catch((error) => {
        if (client.isReady) return "";
        throw error;
      });
      return factsOf(told, { own: connections(), max: maxConnections });
    },
    dispose: () => client.destroy(),
  };
}
