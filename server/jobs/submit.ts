import { randomBytes } from "node:crypto";
import { literal, type Transaction } from "sequelize";
import { isDatabaseAway } from "../database/database-away.ts";
import { AppError } from "../errors.ts";
import { closeAttempt, countTries } from "../models/attempt-state.ts";
import type { Generation } from "../models/generation.ts";
import { claimQueued } from "../models/generation-claims.ts";
import { fail, type Lease, report, requeue } from "../models/generation-state.ts";
import { pausedSeconds } from "../models/provider-pause.ts";
import { findNetwork } from "../providers/networks.ts";
import type { Network, Provider, SubmitOutcome } from "../providers/provider.ts";
import { type GenerationJob, submitJobOf } from "../queue/catalogue.ts";
import { inSpan } from "../tracing.ts";
import { claimInTurn } from "./claim-turn.ts";
import type { JobDeps } from "./deps.ts";
import { holdLease, LeaseLost } from "./hold.ts";
import { settleSubmit } from "./settle-submit.ts";
import { undoClaim } from "./undo-claim.ts";

/** Work that could not be sent for so long is given up; what it would have cost is free again. */
const QUEUE_HOURS = 24;
/** Between two looks whether the store of files is back. */
const STORE_PAUSE_SECONDS = 5;

/** Claims a queued generation and hands its photo to the provider, once. Leaves quietly when it isn't queued any more. */
export async function runSubmit(deps: JobDeps, job: GenerationJob): Promise<void> {
  const { records, directory } = deps;
  deps.stopping.throwIfAborted();
  // The sweep takes it up afterwards.
  if (deps.isHeld()) return;
  const queued = await records.Generation.findOne({
    where: { id: job.generationId, status: "queued" },
    attributes: { include: [[literal(`queued_at < now() - interval '${QUEUE_HOURS} hours'`), "isOverdue"]] },
  });
  if (!queued) return;
  const provider = await directory.ownKeys.providerFor(queued);
  const network = findNetwork(queued.provider, queued.network, directory.networks);
  if (typeof provider === "string" || !network) {
    await fail(records, queued, { code: typeof provider === "string" ? provider : "unknown-network" });
    return;
  }
  if (!provider.isFree && queued.getDataValue("isOverdue" as never)) {
    await fail(records, queued, { code: "queue-timeout" });
    return;
  }
  // The end of the pause calls it again. It is about the service's own account.
  if (queued.keySource === "service" && (await pausedSeconds(records, provider.id)) > 0) return;
  if (await isStoreAway(deps, queued)) {
    // Nothing is claimed, so that no try counts.
    const delaySeconds = Math.ceil(STORE_PAUSE_SECONDS * deps.pace.patience);
    return deps.queue.enqueue(submitJobOf(provider.id), job, { delaySeconds });
  }
  const workspace = await deps.storage.workspace();
  try {
    await claimAndSend(deps, job, { queued, provider, network, workspace: workspace.path });
  } finally {
    await workspace.dispose();
  }
}

async function claimAndSend(
  deps: JobDeps,
  job: GenerationJob,
  {
    queued,
    provider,
    network,
    workspace,
  }: { queued: Generation; provider: Provider; network: Network; workspace: string },
): Promise<void> {
  const { records } = deps;
  const { isFree } = provider;
  const nonce = randomBytes(16).toString("hex");
  const claimIn = (transaction: Transaction) =>
    claimQueued(records, queued.id, {
      isFree,
      keySource: queued.keySource,
      nonce,
      deadlineSeconds: network.deadlineSeconds,
      transaction,
    });
  const isRetry = !isFree && (await countTries(records, queued)) > 0;
  const claiming = isFree
    ? records.sequelize.transaction(claimIn)
    : claimInTurn(deps, job, provider, { isRetry, claim: claimIn });
  const claim = await claiming.catch(async (error) => {
    if (isDatabaseAway(error)) await undoClaim(deps, job, { nonce, provider });
    throw error;
  });
  if (!claim) return;
  deps.logger.info("Generation started", {
    provider: provider.id,
    network: network.id,
    attempt: claim.generation.attempts,
  });
  await send(deps, job, { ...claim, nonce, provider, network, workspace });
}

interface Claimed {
  lease: Lease;
  nonce: string;
  generation: Generation;
  provider: Provider;
  network: Network;
  /** An empty folder of this attempt. */
  workspace: string;
}

async function send(deps: JobDeps, job: GenerationJob, claimed: Claimed): Promise<void> {
  const { lease, provider } = claimed;
  try {
    const outcome = await holdLease(deps.records, lease, provider.isFree ? deps.stopping : null, (signal) =>
      submitPhoto(deps, claimed, signal),
    );
    await settleSubmit(deps, job, claimed, outcome);
  } catch (error) {
    if (provider.isFree && deps.stopping.aborted) await giveBack(deps, job, claimed);
    else if (!(error instanceof LeaseLost)) throw error;
  }
}

async function submitPhoto(
  { records, storage, logger, callbackBase }: JobDeps,
  { lease, nonce, generation, provider, network, workspace }: Claimed,
  signal: AbortSignal,
): Promise<SubmitOutcome> {
  const photo = await records.Photo.findByPk(generation.photoId, { rejectOnEmpty: true }).catch(unreadable);
  if ("kind" in photo) return photo;
  const local = await storage.materialize(photo.key).catch(unreadable);
  if ("kind" in local) return local;
  try {
    if (signal.aborted && !provider.isFree) {
      const message = "It was canceled before it was sent.";
      return { kind: "unsent", code: "canceled", message, retryAfterSeconds: null };
    }
    const input = {
      generationId: generation.id,
      network,
      params: generation.params,
      photo: { path: local.path, mediaType: photo.mediaType, sha256: photo.sha256 },
      callbackUrl: callbackBase && `${callbackBase}/${nonce}`,
      workspace,
    };
    const hooks = {
      // A create call that is cut off may be charged all the same, and its id would be lost.
      signal: provider.isFree ? signal : new AbortController().signal,
      onProgress: (percent: number) => {
        report(records, lease, { percent }).catch((error) =>
          logger.warn("Progress was not saved", { error }),
        );
      },
    };
    const facts = { "photo_to_3d.network": network.id };
    return await inSpan(`${provider.id} submit`, { facts }, async (span) => {
      const outcome = await provider.submit(input, hooks);
      span?.add({ "photo_to_3d.outcome": outcome.kind });
      return outcome;
    });
  } finally {
    await local.release();
  }
}

async function isStoreAway(
  { records, storage, logger }: JobDeps,
  { photoId }: Pick<Generation, "photoId">,
): Promise<boolean> {
  const photo = await records.Photo.findByPk(photoId);
  try {
    if (photo) await storage.stat(photo.key);
    return false;
  } catch (error) {
    if (!isAway(error)) throw error;
    logger.warn("A generation waits for the store of files", { error: error.cause });
    return true;
  }
}

const isAway = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === "storage-unavailable";

/** The photo can't be read, so nothing was sent. */
function unreadable(error: unknown): SubmitOutcome {
  if (isAway(error))
    return { kind: "unsent", code: error.code, message: error.message, retryAfterSeconds: null };
  if (error instanceof AppError)
    return { kind: "refused", code: error.code, message: error.message, retryable: false };
  return { kind: "unsent", code: "internal", message: String(error), retryAfterSeconds: null };
}

/** The process stops: free work goes back to the queue and runs again at the next start. */
async function giveBack(
  { records, queue, logger }: JobDeps,
  job: GenerationJob,
  { lease, provider }: Claimed,
) {
  await records.sequelize.transaction(async (transaction) => {
    if (!(await requeue(records, lease, transaction))) return;
    await closeAttempt(records, lease.id, { state: "unsent", message: "the process stopped" }, transaction);
    await queue.enqueue(submitJobOf(provider.id), job, { transaction });
  });
  logger.info("Generation given back to the queue");
}
