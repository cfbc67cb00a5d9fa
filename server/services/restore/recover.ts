import type pg from "pg";
import { openSession } from "../../backup/session.ts";
import { takeBackupLock } from "../backups/lock.ts";
import type { RestoreDeps } from "./deps.ts";
import { openJournal } from "./journal.ts";
import { placeReplaced, takeBackFiles } from "./place-files.ts";
import { writeRestoreNote } from "./restore-note.ts";
import { ASIDE, dropSchema, FORMER, isRestored } from "./schemas.ts";

type Deps = Pick<RestoreDeps, "url" | "uploads" | "logger">;

/**
 * Finishes or takes back what a killed restore has left, before anything is served: where the backup is in place its
 * files follow, otherwise everything is as it was before. A word of a restore whose former state is not here came with a
 * dump, and nobody could ever decide it. Quiet where there is nothing, or a restore is under way.
 */
export async function recoverRestore(deps: Deps): Promise<void> {
  const client = await openSession(deps.url, new AbortController().signal);
  try {
    const { rows } = await client.query<{ isLeft: boolean }>(
      `SELECT to_regnamespace($1) IS NOT NULL
           OR EXISTS (SELECT FROM public.system_state WHERE key = 'restore'
                         AND (value ->> 'state' = 'running' OR to_regnamespace($2) IS NULL)) AS "isLeft"`,
      [ASIDE, FORMER],
    );
    if (!rows[0].isLeft && !(await openJournal(deps.uploads).read())) return;
    const lock = await takeBackupLock(deps.url);
    if (!lock) return;
    try {
      await settleRestore(deps, client);
    } finally {
      await lock.release();
    }
  } finally {
    await client.end();
  }
}

/** As `recoverRestore`, for the holder of the lock; answers whether the backup is in place. */
export async function settleRestore({ uploads, logger }: Deps, client: pg.Client): Promise<boolean> {
  const journal = openJournal(uploads);
  const note = await journal.read();
  await dropSchema(client, ASIDE);
  if (await isRestored(client)) {
    if (note) await placeReplaced(uploads, journal, note);
    return true;
  }
  if (note?.phase === "open") {
    await takeBackFiles(uploads, journal, note, (key) => isNamed(client, key));
    logger.info("What an unfinished restore had left was taken back", { filename: note.filename });
  }
  await journal.remove();
  await writeRestoreNote(client, "restore", null);
  return false;
}

async function isNamed(client: pg.Client, key: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM public.photos WHERE key = $1 UNION ALL SELECT FROM public.model_files WHERE key = $1
     UNION ALL SELECT FROM public.installation WHERE 'owners/' || id = $1`,
    [key],
  );
  return rowCount !== 0;
}
