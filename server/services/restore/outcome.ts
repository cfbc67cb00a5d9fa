import type pg from "pg";
import { restoreId } from "./restore-files.ts";
import { FORMER, isRestored } from "./schemas.ts";

/** What the database knows of restores, by their ids; `""` is one whose beginning nobody wrote down. */
interface Outcome {
  /** The one that is in place, with the former state kept. */
  inPlace: string | null;
  /** The one that was in place and is undone, until its files are taken back. */
  undone: string | null;
  /** The one that was under way, and never came to be in place. */
  cutOff: string | null;
}

/** For the holder of the lock, whom nobody may overtake. */
export async function readOutcome(client: pg.Client): Promise<Outcome> {
  const isInPlace = await isRestored(client);
  const { rows } = await client.query<{ startedAt: string | null; step: string | null }>(
    `SELECT value ->> 'startedAt' AS "startedAt", value ->> 'step' AS step
       FROM ${isInPlace ? FORMER : "public"}.system_state WHERE key = 'restore' AND value ->> 'state' = 'running'`,
  );
  const [row] = rows;
  const id = restoreId(row?.startedAt ?? "");
  if (isInPlace) return { inPlace: id, undone: null, cutOff: null };
  // An undone one is the former state's word of it, without its step.
  const isUndone = row !== undefined && row.step === null;
  return { inPlace: null, undone: isUndone ? id : null, cutOff: row && !isUndone ? id : null };
}
