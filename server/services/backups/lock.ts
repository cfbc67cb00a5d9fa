import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { clientOptions } from "../../database/connect.ts";
import { hasCode } from "../../system-errors.ts";

/** Held, over all replicas and tools, by whoever makes, verifies, removes or restores backups. */
const BACKUP_LOCK = 7_310_309_600;

/** Whoever comes upon the lock waits so long for it, and then again while its holder has told the end. */
const GIVING_BACK_MS = 2000;
/** How long whoever comes waits for a holder that has told the end. */
const ENDING_MS = 20_000;
const HELD_BY_ANOTHER = "55P03";
/** How the connection is called, and how one whose run is over. */
const NAME = "photo-to-3d backup";
const NAME_AT_THE_END = `${NAME} ends`;

/** How often the connection is tried, and how long an answer may take: then the lock may be another's. */
const LOOK_MS = 5000;
const PATIENCE_MS = 20_000;
/** What is told on the connection arrives also later; a stop of the process has no more time for a silent one. */
const TELLING_MS = 3000;

export interface HeldLock {
  /** Aborts when the database has taken the lock back, because the connection was lost. */
  lost: AbortSignal;
  /**
   * Before others can see that the work is done: whoever comes from now on waits for the lock. Never rejects, and takes
   * no longer than a moment on a silent connection.
   */
  tellEnd(): Promise<void>;
  /** Whoever comes afterwards finds it free. Never rejects. */
  release(): Promise<void>;
}

interface HoldOptions {
  /** How long an answer may take, in milliseconds, before the lock counts as lost. */
  patienceMs?: number;
  givingBackMs?: number;
  endingMs?: number;
  /** Whether the end is told from the beginning, for work that is the end of another's. */
  isEnding?: boolean;
}

/**
 * Takes the lock on a connection of its own, so that it ends with the process that holds it; null where another holds
 * it.
 */
export async function takeBackupLock(
  url: string,
  {
    patienceMs = PATIENCE_MS,
    givingBackMs = GIVING_BACK_MS,
    endingMs = ENDING_MS,
    isEnding,
  }: HoldOptions = {},
): Promise<HeldLock | null> {
  const lost = new AbortController();
  const client = new pg.Client({
    ...clientOptions(url),
    application_name: isEnding ? NAME_AT_THE_END : NAME,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    query_timeout: PATIENCE_MS + givingBackMs,
  });
  const lose = () => lost.abort(new Error("The connection to the database that held the lock was lost."));
  client.on("error", lose);
  try {
    await client.connect();
    await client.query(`SET lock_timeout = ${givingBackMs}`);
    if (!(await takeInTime(client, endingMs))) {
      await client.end().catch(() => undefined);
      return null;
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  client.on("end", lose);
  let asked = Promise.resolve();
  /** One after the other, while the lock isn't lost. */
  const ask = (text: string, fail: () => void): Promise<void> => {
    asked = asked.then(async () => {
      if (lost.signal.aborted) return;
      await client.query({ text, query_timeout: patienceMs } as pg.QueryConfig).catch(fail);
    });
    return asked;
  };
  const tell = (text: string): Promise<void> =>
    Promise.race([ask(text, () => undefined), sleep(TELLING_MS, undefined, { ref: false })]);
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await ask("SELECT 1", lose);
    isLooking = false;
  }, LOOK_MS);
  return {
    lost: lost.signal,
    tellEnd: () => tell(`SET application_name = '${NAME_AT_THE_END}'`),
    async release() {
      clearInterval(timer);
      client.off("end", lose);
      // The database may take a moment to see the end of the connection.
      await tell(`SELECT pg_advisory_unlock(${BACKUP_LOCK})`);
      await client.end().catch(() => undefined);
    },
  };
}

/** What the row of the lock that somebody holds in this database has in `pg_locks`. */
const IS_THE_LOCK = `locktype = 'advisory' AND granted
  AND classid = ${Math.floor(BACKUP_LOCK / 2 ** 32)} AND objid = ${BACKUP_LOCK % 2 ** 32} AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** SQL that is true while somebody holds the lock in this database. */
export const LOCK_IS_HELD = `EXISTS (SELECT 1 FROM pg_locks WHERE ${IS_THE_LOCK})`;

/** Waits for the lock; false where somebody holds it whose work is not over. */
async function takeInTime(client: pg.Client, endingMs: number): Promise<boolean> {
  for (const deadline = performance.now() + endingMs; ; ) {
    try {
      await client.query("SELECT pg_advisory_lock($1)", [BACKUP_LOCK]);
      return true;
    } catch (error) {
      if (!hasCode(error, HELD_BY_ANOTHER)) throw error;
    }
    const { rows } = await client.query<{ isAtWork: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
         WHERE ${IS_THE_LOCK} AND a.application_name <> $1) AS "isAtWork"`,
      [NAME_AT_THE_END],
    );
    if (rows[0].isAtWork || performance.now() > deadline) return false;
  }
}
