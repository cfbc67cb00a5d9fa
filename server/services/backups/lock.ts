import pg from "pg";
import { clientOptions } from "../../database/connect.ts";

/** Held, over all replicas and tools, by whoever makes, verifies, removes or restores backups. */
const BACKUP_LOCK = 7_310_309_600;

export interface HeldLock {
  /** Aborts when the database has taken the lock back, because the connection was lost. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Takes the lock on a connection of its own, so that it ends with the process that holds it; null where another holds
 * it.
 */
export async function takeBackupLock(url: string): Promise<HeldLock | null> {
  const lost = new AbortController();
  const client = new pg.Client({
    ...clientOptions(url),
    application_name: "photo-to-3d backup",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    query_timeout: 20_000,
  });
  const lose = () => lost.abort(new Error("The connection to the database that held the lock was lost."));
  client.on("error", lose);
  try {
    await client.connect();
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS taken", [BACKUP_LOCK]);
    if (!rows[0].taken) {
      await client.end();
      return null;
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  client.on("end", lose);
  return {
    lost: lost.signal,
    async release() {
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
