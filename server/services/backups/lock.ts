import pg from "pg";
import { clientOptions } from "../../database/connect.ts";
import { hasCode } from "../../system-errors.ts";

/** Held, over all replicas and tools, by whoever makes, verifies, removes or restores backups. */
const BACKUP_LOCK = 7_310_309_600;

/** Who has just told the end of a run still holds it for a moment; whoever comes upon that waits so long for it. */
const GIVING_BACK_MS = 2000;
const HELD_BY_ANOTHER = "55P03";

/** How often the connection is tried, and how long an answer may take: then the lock may be another's. */
const LOOK_MS = 5000;
const PATIENCE_MS = 20_000;

export interface HeldLock {
  /** Aborts when the database has taken the lock back, because the connection was lost. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Takes the lock on a connection of its own, so that it ends with the process that holds it; null where another holds
 * it.
 */
export async function takeBackupLock(
  url: string,
  patienceMs = PATIENCE_MS,
  givingBackMs = GIVING_BACK_MS,
): Promise<HeldLock | null> {
  const lost = new AbortController();
  const client = new pg.Client({
    ...clientOptions(url),
    application_name: "photo-to-3d backup",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    query_timeout: patienceMs,
  });
  const lose = () => lost.abort(new Error("The connection to the database that held the lock was lost."));
  client.on("error", lose);
  try {
    await client.connect();
    await client.query(`SET lock_timeout = ${givingBackMs}`);
    await client.query("SELECT pg_advisory_lock($1)", [BACKUP_LOCK]);
  } catch (error) {
    await client.end().catch(() => undefined);
    if (hasCode(error, HELD_BY_ANOTHER)) return null;
    throw error;
  }
  client.on("end", lose);
  let isAsking = false;
  const timer = setInterval(async () => {
    if (isAsking) return;
    isAsking = true;
    await client.query("SELECT 1").catch(lose);
    isAsking = false;
  }, LOOK_MS);
  return {
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      client.off("end", lose);
      await client.end().catch(() => undefined);
    },
  };
}

/** SQL that is true while somebody holds the lock in this database. */
export const LOCK_IS_HELD = `EXISTS (
  SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
  AND classid = ${Math.floor(BACKUP_LOCK / 2 ** 32)} AND objid = ${BACKUP_LOCK % 2 ** 32} AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
