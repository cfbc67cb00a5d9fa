import type pg from "pg";
import { openSession } from "../../backup/session.ts";
import { hasCode } from "../../system-errors.ts";
import { SERVER } from "../audit.ts";
import { takeBackupLock } from "../backups/lock.ts";
import { auditRow } from "./carry-over.ts";
import type { RestoreDeps } from "./deps.ts";
import { readOutcome } from "./outcome.ts";
import { isNoteOf } from "./restore-files.ts";
import { writeRestoreNote } from "./restore-note.ts";
import { ASIDE, dropSchema, FORMER, hasTable } from "./schemas.ts";
import { closeExchange } from "./swap.ts";

const UNDEFINED_TABLE = "42P01";

type Deps = Pick<RestoreDeps, "url" | "files" | "logger">;

/**
 * Finishes or takes back what a killed restore has left, before anything is served and while others serve: where the
 * backup is in place its files follow, otherwise everything is as it was before. A word of a restore whose former state
 * is not here came with a dump, and nobody could ever decide it. Quiet where there is nothing; answers false where
 * somebody is at it.
 */
export async function recoverRestore(deps: Deps): Promise<boolean> {
  const client = await openSession(deps.url, new AbortController().signal);
  try {
    if (!(await isAnythingLeft(deps, client))) return true;
    // Nobody need wait for whoever is at the end of a restore, for nothing is left of it then.
    const lock = await takeBackupLock(deps.url, { endingMs: 0, isEnding: true });
    if (!lock) return false;
    try {
      return await settleCutOff(deps, lock.lost);
    } finally {
      await lock.release();
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function settleCutOff(deps: Deps, lost: AbortSignal): Promise<true> {
  const client = await openSession(deps.url, lost);
  try {
    const cutOff = await readCutOff(client);
    const isInPlace = await settleRestore(deps, client, lost);
    if (cutOff && !isInPlace) await tellCutOff(client, cutOff);
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function isAnythingLeft({ files }: Deps, client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ isLeft: boolean }>(
    `SELECT to_regnamespace($1) IS NOT NULL
         OR EXISTS (SELECT FROM public.system_state WHERE key = 'restore'
                       AND (value ->> 'state' = 'running' OR to_regnamespace($2) IS NULL)) AS "isLeft"`,
    [ASIDE, FORMER],
  );
  if (rows[0].isLeft) return true;
  const notes = await files.notes();
  if (notes.length === 0) return false;
  const inPlace = await readInPlace(client);
  for (const note of notes) {
    if (inPlace === null || !isNoteOf(note, inPlace) || (await files.isArrivalLeft(note))) return true;
  }
  return false;
}

/** Null also where the former state goes at this moment: whoever takes the lock then sees what there is. */
async function readInPlace(client: pg.Client): Promise<string | null> {
  try {
    return (await readOutcome(client)).inPlace;
  } catch (error) {
    if (hasCode(error, UNDEFINED_TABLE)) return null;
    throw error;
  }
}

/** Name of the backup whose restore was under way; one that is being undone is none. */
async function readCutOff(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ filename: string }>(
    `SELECT value ->> 'filename' AS filename FROM public.system_state
      WHERE key = 'restore' AND value ->> 'state' = 'running' AND value ->> 'step' IS NOT NULL`,
  );
  return rows[0]?.filename ?? null;
}

async function tellCutOff(client: pg.Client, filename: string): Promise<void> {
  await auditRow(client, { action: "backup.restore-failed", details: { filename }, by: SERVER });
  await writeRestoreNote(client, "restoreFailure", {
    filename,
    at: new Date().toISOString(),
    code: "internal",
    message: "The process that restored it ended before its time. Everything is as it was before.",
    messageRu: "Процесс, который восстанавливал копию, прервался. Всё осталось как было.",
  });
}

/** As `recoverRestore`, for the holder of the lock, while it isn't lost; answers whether the backup is in place. */
export async function settleRestore(
  { files, logger }: Omit<Deps, "url">,
  client: pg.Client,
  lost: AbortSignal,
): Promise<boolean> {
  await closeExchange(client);
  await dropSchema(client, ASIDE);
  const { inPlace, undone, cutOff } = await readOutcome(client);
  for (const note of await files.notes()) {
    if (inPlace !== null && isNoteOf(note, inPlace)) {
      await files.placeReplaced(note, lost);
      continue;
    }
    // The word of a confirmation that came to nothing may come late.
    const wasInPlace = undone !== null && isNoteOf(note, undone);
    if (wasInPlace || (note.phase === "open" && isNoteOf(note, cutOff))) {
      await files.takeBack(note, { wasInPlace, isNamed: (key) => isNamed(client, key) }, lost);
      logger.info("What an unfinished restore had left was taken back", { filename: note.filename });
    }
    // Of any other, such as comes late from a process that was killed, work may go on: what it brought is swept in time.
    lost.throwIfAborted();
    if (!wasInPlace && note.phase === "confirmed" && note.formerId)
      await files.storage.remove(`owners/${note.formerId}`);
    await files.forget(note);
  }
  if (inPlace !== null) return true;
  lost.throwIfAborted();
  await files.forget();
  await writeRestoreNote(client, "restore", null);
  return false;
}

/** Where the keys of files stand. */
const NAMES = [
  { table: "public.photos", key: "key" },
  { table: "public.model_files", key: "key" },
  { table: "public.installation", key: "'owners/' || id" },
];

async function isNamed(client: pg.Client, wanted: string): Promise<boolean> {
  for (const { table, key } of NAMES) {
    if (!(await hasTable(client, table))) continue;
    const { rowCount } = await client.query(`SELECT FROM ${table} WHERE ${key} = $1`, [wanted]);
    if (rowCount) return true;
  }
  return false;
}
