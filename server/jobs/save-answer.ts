import { setTimeout as sleep } from "node:timers/promises";
import { UniqueConstraintError } from "sequelize";
import type { JournaledAnswer } from "./answer-journal.ts";
import type { JobDeps } from "./deps.ts";

const LONGEST_PAUSE_MS = 30_000;

/**
 * Saves the answer to a paid submit. While the database can't take it, it stands in the journal and is tried again
 * with growing pauses; a process that stops meanwhile leaves it there for the next start. Throws only what no
 * repetition mends: the id belongs to another generation.
 */
export async function saveAnswer(
  { journal, logger, stopping }: Pick<JobDeps, "journal" | "logger" | "stopping">,
  answer: JournaledAnswer,
  write: () => Promise<void>,
): Promise<void> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof UniqueConstraintError) throw error;
    await journal.write(answer);
    logger.error("A paid answer could not be saved; it stands in the journal", { error });
  }
  for (let pauseMs = 500; !stopping.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
    try {
      await write();
      return await journal.remove(answer.nonce);
    } catch (error) {
      logger.warn("The database still can't take the answer", { error });
    }
  }
}
