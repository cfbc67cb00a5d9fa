import { settleAttempt } from "../models/attempt-state.ts";
import { lockGeneration, requeue } from "../models/generation-state.ts";
import type { Provider } from "../providers/provider.ts";
import { type GenerationJob, submitJobOf } from "../queue/catalogue.ts";
import type { JobDeps } from "./deps.ts";
import { saveWhenPossible } from "./save-answer.ts";

/**
 * For a claim whose commit may have come about although its answer was lost. Nothing was sent in its name, so the
 * generation goes back to the queue, and nobody has to be asked about a charge.
 */
export async function undoClaim(
  deps: JobDeps,
  job: GenerationJob,
  { nonce, provider }: { nonce: string; provider: Provider },
): Promise<void> {
  const { records, queue } = deps;
  const undo = () =>
    records.sequelize.transaction(async (transaction) => {
      const attempt = await records.Attempt.findOne({
        where: { nonce, state: ["open", "unknown"] },
        transaction,
      });
      if (!attempt) return;
      const message = "The database went away before anything was sent.";
      const generation = await lockGeneration(records, attempt.generationId, transaction);
      await settleAttempt(records, nonce, { state: "unsent", message }, transaction);
      if (generation.attempts !== attempt.number) return;
      if (await requeue(records, generation, transaction)) {
        await queue.enqueue(submitJobOf(provider.id), job, { transaction });
      }
    });
  await saveWhenPossible(deps, undo);
}
