import { randomUUID } from "node:crypto";
import { createClient } from "@redis/client";
import type { Cache } from "./cache.ts";

/** No request waits longer for the cache. */
export const ANSWER_MS = 250;

const LONGEST_PAUSE_MS = 2000;
/** Of a quiet connection. It must not be taken for a dead one. */
const PING_MS = 30_000;

export interface RedisOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` with TLS. */
  url: string;
  /** A connection that says nothing for so long is given up. */
  socketTimeoutMs: number;
}

/** How the client is set up: it fails rather than waits, for the cache can be done without. */
export const clientOptions = ({ url, socketTimeoutMs }: RedisOptions) =>
  ({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    pingInterval: Math.min(PING_MS, socketTimeoutMs / 2),
    socket: {
      connectTimeout: socketTimeoutMs,
      socketTimeout: socketTimeoutMs,
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, LONGEST_PAUSE_MS),
    },
  }) as const;

/** In words; errors of several attempts at once have a code only. */
export const reasonOf = (error: Error & { code?: string }) => error.message || error.code || error.name;

/** A cache of all processes. Each call rejects where Redis does not answer in time. */
export interface RedisCache extends Cache {
  /** Resolves once it takes and gives a value; only the end of the connection is its limit. */
  probe(): Promise<void>;
  dispose(): void;
}

interface Events {
  onReady(): void;
  /** Also for each vain attempt to connect. */
  onError(error: Error): void;
}

/** Connects in the background, and again whenever the connection is lost. */
export function connectRedis(options: RedisOptions & Events, { answerMs = ANSWER_MS } = {}): RedisCache {
  const client = createClient(clientOptions(options));
  let lastError = new Error("Redis does not answer");
  client.on("ready", () => options.onReady());
  client.on("error", (error) => {
    lastError = error;
    options.onError(error);
  });
  // It rejects only when it is disposed of before it came about.
  client.connect().catch(() => {});
  const set = async (key: string, value: string, seconds: number) => {
    await client.set(key, value, { expiration: { type: "EX", value: seconds } });
  };
  const probeKey = `p3d:probe:${randomUUID()}`;
  return {
    get: (key) => within(answerMs, client.get(key)),
    set: (key, value, ttlSeconds) => within(answerMs, set(key, value, ttlSeconds)),
    async delete(key) {
      await within(answerMs, client.del(key));
    },
    async probe() {
      if (!client.isReady) throw lastError;
      const value = String(performance.now());
      const [, found] = await Promise.all([set(probeKey, value, 60), client.get(probeKey)]);
      if (found !== value) throw new Error("Redis does not give back what it was given");
    },
    dispose: () => client.destroy(),
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(new Error(`No answer within ${ms} ms`));
  // Where the process itself was busy for so long, an answer that came meanwhile is read before.
  const timer = setTimeout(() => setImmediate(giveUp), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
