import { literal } from "sequelize";
import { fail, report, toFinishing } from "../models/generation-state.ts";
import { findNetwork } from "../providers/networks.ts";
import type { PollOutcome } from "../providers/provider.ts";
import type { GenerationJob } from "../queue/catalogue.ts";
import type { JobDeps, Pace } from "./deps.ts";
import { failureOf } from "./failure.ts";

/** Seconds after a planned poll until the sweep counts it as lost. */
const GRACE_SECONDS = 12;

/** Grows with the time that has passed, from the shortest to the longest of the pace. */
function pauseSeconds({ shortestPoll, longestPoll }: Pace, startedAt: Date | null): number {
  const passed = startedAt ? (Date.now() - startedAt.getTime()) / 1000 : 0;
  return Math.min(longestPoll, Math.max(shortestPoll, passed / 20));
}

/** Asks the provider once how far a generation is; enqueues the next poll or the finish. */
export async function runPoll(deps: JobDeps, job: GenerationJob): Promise<void> {
  const { records, directory } = deps;
  const generation = await records.Generation.findOne({
    where: { id: job.generationId, status: "processing" },
    attributes: { include: [[literal("deadline_at < now()"), "isOverdue"]] },
  });
  if (!generation?.remoteId) return;
  const provider = directory.providers.get(generation.provider);
  const network = findNetwork(generation.provider, generation.network, directory.networks);
  if (!provider || !network) {
    await fail(records, generation, { code: "provider-unavailable" });
    return;
  }
  const outcome = await provider.poll(generation.remoteId, network, deps.stopping);
  const isOverdue = Boolean(generation.getDataValue("isOverdue" as never));
  if ((outcome.kind === "running" || outcome.kind === "unreachable") && isOverdue) {
    await fail(records, generation, { code: "generation-timeout" });
    return;
  }
  const pause = pauseSeconds(deps.pace, generation.startedAt);
  await settle(deps, job, { id: generation.id, fence: generation.fence, pause }, outcome);
}

async function settle(
  { records, queue, logger }: JobDeps,
  job: GenerationJob,
  lease: { id: string; fence: number; pause: number },
  outcome: PollOutcome,
): Promise<void> {
  switch (outcome.kind) {
    case "running":
    case "unreachable": {
      if (outcome.kind === "unreachable")
        logger.warn("The provider did not answer", { reason: outcome.message });
      const delaySeconds = Math.max(lease.pause, Math.min(outcome.retryAfterSeconds ?? 0, 120));
      const percent = outcome.kind === "running" ? outcome.percent : null;
      const held = await report(records, lease, { percent }, delaySeconds + GRACE_SECONDS);
      if (held) await queue.enqueue("poll", job, { delaySeconds });
      return;
    }
    case "failed": {
      logger.warn("The provider gave up", { code: outcome.code, reason: outcome.message });
      await fail(records, lease, failureOf(outcome.code, outcome.message));
      return;
    }
    case "finished": {
      const { location, costRoubles, report: said } = outcome.result;
      const resultUrl = location.kind === "url" ? location.url : null;
      await records.sequelize.transaction(async (transaction) => {
        const values = { resultUrl, cost: costRoubles, report: said };
        if (await toFinishing(records, lease, values, transaction)) {
          await queue.enqueue("finish", job, { transaction });
        }
      });
    }
  }
}
