import { literal } from "sequelize";
import type { GenerationJob } from "../queue/catalogue.ts";
import type { JobDeps } from "./deps.ts";
import { fetchResult } from "./fetch-result.ts";

/**
 * Keeps the result of a generation that was canceled after the provider had taken it: it is paid, and the user may
 * still want it. Until it is kept, the poller goes on asking for its address.
 */
export async function runRescue(deps: JobDeps, job: GenerationJob): Promise<void> {
  const { records, logger } = deps;
  const where = { id: job.generationId, status: "canceled" as const, rescuedAt: null };
  const generation = await records.Generation.findOne({ where });
  if (!generation?.resultUrl) return;
  await fetchResult(deps, generation, deps.stopping);
  await records.Generation.update({ rescuedAt: literal("now()"), wakeAt: null }, { where });
  logger.info("The result of a canceled generation is kept");
}
