import { createClient } from "@redis/client";

const LONGEST_PAUSE_MS = 2000;
/** Of a quiet connection. It must not be taken for a dead one. */
const PING_MS = 30_000;

export interface RedisOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` with TLS. */
  url: string;
  /** A connection that says nothing for so long is given up. */
  socketTimeoutMs: number;
}

/** A client that fails rather than waits, for the cache can be done without. `once`: a lost connection stays lost. */
export const makeClient = ({ url, socketTimeoutMs }: RedisOptions, { once = false } = {}) =>
  createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    pingInterval: Math.min(PING_MS, socketTimeoutMs / 2),
    socket: {
      connectTimeout: socketTimeoutMs,
      socketTimeout: socketTimeoutMs,
      reconnectStrategy: once ? false : (retries: number) => Math.min(50 * 2 ** retries, LONGEST_PAUSE_MS),
    },
  });

export type RedisClient = ReturnType<typeof makeClient>;

/** In words; errors of several attempts at once have a code only. */
export const reasonOf = (error: Error & { code?: string }) => error.message || error.code || error.name;

/** What `work` answers. Rejects where that takes longer than `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
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
