import { UniqueConstraintError } from "sequelize";
import { settleAttempt } from "../models/attempt-state.ts";
import { accepted, lockGeneration } from "../models/generation-state.ts";
import type { JobDeps } from "./deps.ts";
import { keepRemoteId } from "./keep-remote-id.ts";

/**
 * Binds a remote id that turned up late (journal, callback) to the attempt that it belongs to, and goes on polling.
 * Refuses an id that another generation has; leaves a generation alone that went on without this attempt.
 */
export async function adoptAnswer(
  { records, logger }: Pick<JobDeps, "records" | "logger">,
  { nonce, remoteId }: { nonce: string; remoteId: string },
): Promise<void> {
  const attempt = await records.Attempt.findOne({ where: { nonce } });
  if (!attempt) return;
  const id = attempt.generationId;
  try {
    await records.sequelize.transaction(async (transaction) => {
      const generation = await lockGeneration(records, id, transaction);
      await settleAttempt(records, nonce, { state: "accepted", remoteId }, transaction);
      if (generation.attempts !== attempt.number) return;
      if (await accepted(records, generation, { remoteId, pollSeconds: 0 }, transaction)) {
        logger.info("A lost answer turned up", { generationId: id });
      } else {
        await keepRemoteId(records, id, { remoteId, keySource: attempt.keySource }, transaction);
      }
    });
  } catch (error) {
    if (!(error instanceof UniqueConstraintError)) throw error;
    logger.warn("A remote id was claimed that belongs to another generation", { generationId: id });
  }
}
