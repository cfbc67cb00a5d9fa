import { setTimeout as sleep } from "node:timers/promises";
import { EmptyResultError, UniqueConstraintError } from "sequelize";
import { isDatabaseAway } from "../database/database-away.ts";
import type { AnswerJournal, JournaledAnswer } from "./answer-journal.ts";
import type { JobDeps } from "./deps.ts";

/** Short, so that the outcome is there before the sweep asks a person about it. */
const LONGEST_PAUSE_MS = 3_000;

type SaveDeps = Pick<JobDeps, "logger" | "stopping">;

/**
 * Repeats `write` with growing pauses while the database is away, until the process stops. Throws what no repetition
 * mends.
 */
export async function saveWhenPossible(
  { logger, stopping }: SaveDeps,
  write: () => Promise<void>,
  isPassing: (error: unknown) => boolean = isDatabaseAway,
): Promise<void> {
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await write();
    } catch (error) {
      if (!isPassing(error) || stopping.aborted) throw error;
      logger.warn("The database can't take an outcome; it is tried again", { error });
    }
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}

const isFinal = (error: unknown) =>
  error instanceof UniqueConstraintError || error instanceof EmptyResultError;

/**
 * Saves the answer to a paid submit. While the database can't take it, it stands in the journal and is tried again;
 * a process that stops meanwhile leaves it there for the next start. Throws only what no repetition mends: the id
 * belongs to another generation, or the generation was deleted.
 */
export async function saveAnswer(
  deps: SaveDeps & { journal: AnswerJournal },
  answer: JournaledAnswer,
  write: () => Promise<void>,
): Promise<void> {
  const { journal, stopping } = deps;
  try {
    return await write();
  } catch (error) {
    if (isFinal(error)) throw error;
    await writeDown(deps, answer, error);
  }
  try {
    await saveWhenPossible(deps, write, (error) => !isFinal(error));
    await journal.remove(answer.nonce);
  } catch (error) {
    if (isFinal(error)) await journal.remove(answer.nonce);
    else if (stopping.aborted) return;
    throw error;
  }
}

/** A disk that can't take it either must not end the tries: the process has it still. */
async function writeDown(
  { journal, logger }: SaveDeps & { journal: AnswerJournal },
  answer: JournaledAnswer,
  error: unknown,
): Promise<void> {
  try {
    await journal.write(answer);
    logger.error("A paid answer could not be saved; it stands in the journal", { error });
  } catch (journalError) {
    logger.error("A paid answer could not be saved, and not even written to the journal", {
      ...answer,
      error: journalError,
    });
  }
}
