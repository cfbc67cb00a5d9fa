import { adoptAnswer } from "./adopt-answer.ts";
import type { JobDeps } from "./deps.ts";

/** Brings answers into the database that an earlier process could only write to the disk. */
export async function replayJournal(deps: Pick<JobDeps, "records" | "logger" | "journal">): Promise<void> {
  for (const answer of await deps.journal.read()) {
    await adoptAnswer(deps, answer);
    await deps.journal.remove(answer.nonce);
  }
}
