import { literal } from "sequelize";
import { inSeconds } from "../models/generation-state.ts";
import { findNetwork } from "../providers/networks.ts";
import type { GenerationJob } from "../queue/catalogue.ts";
import type { JobDeps } from "./deps.ts";
import { fetchResult } from "./fetch-result.ts";

/**
 * Keeps the result of a generation that was canceled after the provider had taken it: it is paid, and the user may
 * still want it. Asks until it is there, at most until the deadline.
 */
export async function runRescue(deps: JobDeps, job: GenerationJob): Promise<void> {
  const { records, directory, queue, pace, logger } = deps;
  const generation = await records.Generation.findOne({
    where: {
      id: job.generationId,
      status: "canceled",
      rescuedAt: null,
      deadlineAt: literal("deadline_at > now()") as never,
    },
  });
  const provider = generation && directory.providers.get(generation.provider);
  const network = generation && findNetwork(generation.provider, generation.network, directory.networks);
  if (!generation?.remoteId || !provider || !network) return;
  const outcome = await provider.poll(generation.remoteId, network, deps.stopping);
  const update = (values: Parameters<typeof records.Generation.update>[0]) =>
    records.Generation.update(values, { where: { id: generation.id, status: "canceled" } });
  if (outcome.kind === "failed") {
    await update({ wakeAt: null });
    return;
  }
  if (outcome.kind !== "finished" || outcome.result.location.kind !== "url") {
    await update({ wakeAt: inSeconds(60) });
    await queue.enqueue("rescue", job, { delaySeconds: pace.longestPoll });
    return;
  }
  generation.resultUrl = outcome.result.location.url;
  await fetchResult(deps, generation, deps.stopping);
  await update({
    resultUrl: generation.resultUrl,
    report: outcome.result.report,
    cost: outcome.result.costRoubles === null ? null : String(outcome.result.costRoubles),
    rescuedAt: literal("now()"),
    wakeAt: null,
  });
  logger.info("The result of a canceled generation is kept");
}
