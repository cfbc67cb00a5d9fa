import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { clientOptions } from "../database/connect.ts";
import type { Logger } from "../logger.ts";

const CHANNEL = "generation_changed";
/** Sent by whoever changes a row of `system_state`. */
const SYSTEM_CHANNEL = "system_changed";

/** `id` is the generation that changed; null means that notices may have been missed. */
export type NoticeListener = (id: string | null) => void;

/** Hints of changed generations (LISTEN). The row is the truth: a missed notice costs a poll, nothing else. */
export interface Notices {
  subscribe(listener: NoticeListener): () => void;
  /** Told when something that administrators switch has changed, or may have. */
  subscribeSystem(listener: () => void): () => void;
  /** Process id of the database's session, which lasts as long as this process; null where it was not told. */
  session(): number | null;
  dispose(): Promise<void>;
}

/**
 * Where this machine is gone in silence, the database notices within a minute, not after two hours as systems do by
 * themselves: only then others see that the process is missing (https://www.postgresql.org/docs/current/runtime-config-connection.html).
 */
const SOON_MISSED =
  "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";

interface NoticesOptions {
  url: string;
  logger: Logger;
  /** Advisory locks that the connection shares as long as it lasts, by which others see that this process lives. */
  presence?: readonly number[];
}

/** Listens on a connection of its own and comes back, with growing pauses up to 10 s, when that is lost. */
export async function startNotices({ presence = [], ...options }: NoticesOptions): Promise<Notices> {
  const listeners = new Set<NoticeListener>();
  const systemListeners = new Set<() => void>();
  const stop = new AbortController();
  let client: pg.Client | undefined;

  const tell = (id: string | null) => {
    for (const listener of listeners) listener(id);
  };
  const tellSystem = () => {
    for (const listener of systemListeners) listener();
  };

  const connect = async () => {
    const next = new pg.Client({
      ...clientOptions(options.url),
      application_name: "photo-to-3d notices",
      keepAlive: true,
      // A way that is cut in silence is noticed, and a server that hangs isn't waited for without end.
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
    });
    next.on("notification", ({ channel, payload }) => {
      if (channel === SYSTEM_CHANNEL) tellSystem();
      else if (payload) tell(payload);
    });
    next.on("error", () => undefined);
    try {
      await next.connect();
      for (const lock of presence) await next.query("SELECT pg_advisory_lock_shared($1)", [lock]);
      await next.query(`LISTEN ${CHANNEL}; LISTEN ${SYSTEM_CHANNEL}; ${SOON_MISSED}`);
      stop.signal.throwIfAborted();
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
    next.once("end", () => void reconnect());
    client = next;
  };

  const reconnect = async () => {
    for (let pauseMs = 100; !stop.signal.aborted; pauseMs = Math.min(pauseMs * 2, 10_000)) {
      try {
        await sleep(pauseMs, undefined, { signal: stop.signal });
        await connect();
        tellSystem();
        return tell(null);
      } catch (error) {
        if (!stop.signal.aborted) options.logger.warn("Notices are away; trying again", { error });
      }
    }
  };

  await connect();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    subscribeSystem(listener) {
      systemListeners.add(listener);
      return () => systemListeners.delete(listener);
    },
    session: () => (client as { processID?: number | null } | undefined)?.processID ?? null,
    async dispose() {
      stop.abort();
      await client?.end();
    },
  };
}
