import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { clientOptions, PATIENCE } from "./connect.ts";
import { isDatabaseAway } from "./database-away.ts";
import { explainUnreachable } from "./explain-unreachable.ts";
import { isUnknownHost } from "./unknown-host.ts";

interface ReachOptions {
  /** How long a database is waited for that is not up yet. */
  patienceMs: number;
  logger: { info(message: string): unknown; warn(message: string): unknown };
  /** Ends the waiting; its reason is thrown. */
  signal?: AbortSignal;
  betweenMs?: number;
}

const BETWEEN_MS = 1000;

/** How long a database is waited for at the start: longer than one that is only busy. */
export const startPatienceMs = ({ acquireMs }: { acquireMs: number }): number => 2 * acquireMs;

/**
 * Connects once, waiting for a database that is just coming up, as its container may be younger than this one.
 * Answers the address to use from now on: where TLS is left open (`sslmode=prefer`, which is the default, or `allow`) it
 * says what the database does. Throws one sentence with the cure.
 */
export async function reachDatabase(
  url: string,
  { patienceMs, logger, signal, betweenMs = BETWEEN_MS }: ReachOptions,
): Promise<string> {
  let said: string | null = null;
  for (const deadline = performance.now() + patienceMs; ; ) {
    signal?.throwIfAborted();
    try {
      const reached = await tryModes(url, signal);
      if (said !== null) logger.info("The database can be reached now.");
      return reached;
    } catch (error) {
      signal?.throwIfAborted();
      const { message, cure } = explainUnreachable(url, error);
      const left = Math.round((deadline - performance.now()) / 1000);
      if (!isPassing(error) || left <= 0) {
        throw new Error(`The database can't be reached: ${message} ${cure}`, { cause: error });
      }
      if (message !== said) {
        logger.warn(`The database can't be reached yet: ${message} ${cure} Trying for another ${left} s.`);
        said = message;
      }
    }
    await sleep(betweenMs, undefined, { signal }).catch(() => undefined);
  }
}

/** A name may become known when its container starts; the file of a socket comes with the server. */
const isPassing = (error: unknown) =>
  isDatabaseAway(error) || isUnknownHost(error) || (error as { code?: string }).code === "ENOENT";

/** In the order in which libpq tries them (https://www.postgresql.org/docs/current/libpq-ssl.html). */
const MODES: Record<string, readonly string[]> = {
  prefer: ["require", "disable"],
  allow: ["disable", "require"],
};

/** Options that say themselves whether there is TLS. */
const SETTLED_BY = ["ssl", "sslrootcert", "sslnegotiation"];

/** libpq's default is `prefer`; over a socket of this machine there is no TLS. */
function modeOf(url: string): string {
  const { searchParams } = new URL(url);
  const isOpen = !SETTLED_BY.some((name) => searchParams.has(name));
  const isSocket = clientOptions(url).host?.startsWith("/") ?? false;
  return searchParams.get("sslmode") ?? (isOpen && !isSocket ? "prefer" : "");
}

async function tryModes(url: string, signal?: AbortSignal): Promise<string> {
  const modes = MODES[modeOf(url)];
  if (!modes) return connectOnce(url, signal);
  const [first, second] = modes.map((mode) => withMode(url, mode));
  try {
    return await connectOnce(first, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (isPassing(error)) throw error;
    return await connectOnce(second, signal).catch((other) => {
      // Where there is no TLS at all, what the way without it met is the reason.
      throw /does not support SSL/.test(String(other)) ? error : other;
    });
  }
}

function withMode(url: string, mode: string): string {
  const changed = new URL(url);
  changed.searchParams.set("sslmode", mode);
  return changed.href;
}

async function connectOnce(url: string, signal?: AbortSignal): Promise<string> {
  const client = new pg.Client({ ...clientOptions(url), ...PATIENCE, application_name: "photo-to-3d start" });
  client.on("error", () => {});
  const aborted = Promise.withResolvers<never>();
  const leave = () => aborted.reject(signal?.reason);
  signal?.addEventListener("abort", leave, { once: true });
  try {
    await Promise.race([client.connect(), aborted.promise]);
    return url;
  } finally {
    signal?.removeEventListener("abort", leave);
    const leaving = client.end().catch(() => undefined);
    if (!signal?.aborted) await leaving;
  }
}
