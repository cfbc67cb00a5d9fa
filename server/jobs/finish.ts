import { LocalReport } from "../contract/model.ts";
import { AppError } from "../errors.ts";
import type { Generation } from "../models/generation.ts";
import { claimFinishing } from "../models/generation-claims.ts";
import { fail, type Lease, release, report, succeed } from "../models/generation-state.ts";
import type { GenerationJob } from "../queue/catalogue.ts";
import { makeModelFiles, originalKey, replaceFileRows } from "../services/publish-model.ts";
import type { JobDeps } from "./deps.ts";
import { fetchResult } from "./fetch-result.ts";
import { holdLease, LeaseLost } from "./hold.ts";
import { IS_OLD, settleResultFailure } from "./result-failure.ts";

/**
 * Fetches the result, checks it, makes the files and publishes the model. Every step may be repeated: files have
 * names of their content, the rows are written in one transaction at the end.
 */
export async function runFinish(deps: JobDeps, job: GenerationJob, isLastTry: boolean): Promise<void> {
  const { records, logger } = deps;
  deps.stopping.throwIfAborted();
  const lease = await claimFinishing(records, job.generationId);
  if (!lease) return;
  const generation = await records.Generation.findByPk(lease.id, {
    rejectOnEmpty: true,
    attributes: { include: [[...IS_OLD]] },
  });
  try {
    await holdLease(records, lease, deps.stopping, async (signal) => {
      if (generation.resultUrl) await report(records, lease, { stage: "downloading" });
      await fetchResult(deps, generation, signal);
      await publish(deps, generation, lease, signal);
    });
    logger.info("Model published", { modelId: generation.reservedModelId });
  } catch (error) {
    if (error instanceof LeaseLost) return;
    if (error instanceof AppError && !deps.stopping.aborted) {
      return settleResultFailure(deps, job, { lease, generation }, error);
    }
    if (!isLastTry || deps.stopping.aborted) {
      await release(records, lease);
      throw error;
    }
    logger.error("The result could not be published", { error });
    await fail(records, lease, { code: "internal" });
  }
}

async function publish(
  deps: JobDeps,
  generation: Generation,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  const { records, storage } = deps;
  const modelId = generation.reservedModelId;
  const made = await makeModelFiles(deps, {
    modelId,
    dimensions: generation.dimensions,
    invalidCode: "result-invalid",
    signal,
    onStage: (stage) => void report(records, lease, { stage }).catch(() => undefined),
  }).catch(async (error) => {
    const isBroken = error instanceof AppError && error.code === "result-invalid";
    if (isBroken && generation.resultUrl) await storage.remove(originalKey(modelId));
    throw error;
  });
  const said = LocalReport.safeParse(generation.report);
  await records.sequelize.transaction(async (transaction) => {
    if (!(await succeed(records, lease, transaction))) throw new LeaseLost();
    await records.Model3d.create(
      {
        id: modelId,
        userId: generation.userId,
        name: generation.name,
        tags: generation.tags,
        dimensions: made.dimensions,
        stats: made.stats,
        report: said.success ? { ...said.data, scaleAssumed: generation.dimensions === null } : null,
        provider: generation.provider,
        network: generation.network,
        generationId: generation.id,
        photoId: generation.photoId,
      },
      { transaction },
    );
    await replaceFileRows(records, modelId, made.files, transaction);
  });
}
