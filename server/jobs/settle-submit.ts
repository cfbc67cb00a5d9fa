import { EmptyResultError, type Transaction, UniqueConstraintError } from "sequelize";
import { AppError, type ErrorCode } from "../errors.ts";
import { countTries, settleAttempt } from "../models/attempt-state.ts";
import type { Generation } from "../models/generation.ts";
import {
  accepted,
  fail,
  LEASE_SECONDS,
  type Lease,
  lockGeneration,
  needConfirmation,
  requeue,
  toFinishing,
  waitForCall,
} from "../models/generation-state.ts";
import { pauseProvider } from "../models/provider-pause.ts";
import type { Network, Provider, SubmitOutcome } from "../providers/provider.ts";
import { pauseSeconds, RETRY_TABLE } from "../providers/retry-table.ts";
import { type GenerationJob, submitJobOf } from "../queue/catalogue.ts";
import { originalKey } from "../services/publish-model.ts";
import type { JobDeps } from "./deps.ts";
import { failureOf } from "./failure.ts";
import { keepRemoteId } from "./keep-remote-id.ts";
import { ownKeyCode } from "./own-key-code.ts";
import { saveAnswer, saveWhenPossible } from "./save-answer.ts";

interface Claimed {
  lease: Lease;
  nonce: string;
  generation: Generation;
  provider: Provider;
  network: Network;
}

/** Longest pause that is believed when the provider asks for one. */
const LONGEST_PAUSE_SECONDS = 600;

/** Refusals that would meet every generation: they wait until a person has put it right, instead of all failing. */
const PAUSING: ReadonlySet<ErrorCode> = new Set(["provider-balance", "provider-unauthorized"]);

/** Writes down what became of a submit, and enqueues what comes next, in one transaction. */
export async function settleSubmit(
  deps: JobDeps,
  job: GenerationJob,
  claimed: Claimed,
  outcome: SubmitOutcome,
): Promise<void> {
  const { records, storage, logger } = deps;
  const { generation } = claimed;
  if (outcome.kind === "finished" && outcome.result.location.kind === "file") {
    try {
      await storage.publish(originalKey(generation.reservedModelId), outcome.result.location.path);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "storage-unavailable") throw error;
      // What this machine made for nothing is made again once it can be kept.
      const { code, message } = error;
      return settleSubmit(deps, job, claimed, { kind: "unsent", code, message, retryAfterSeconds: null });
    }
  }
  const write = () =>
    records.sequelize.transaction(async (transaction) => {
      await lockGeneration(records, generation.id, transaction);
      await settleAttempt(records, claimed.nonce, attemptOf(outcome), transaction);
      await advance(deps, job, claimed, outcome, transaction);
    });
  const remoteId = "remoteId" in outcome ? outcome.remoteId : null;
  try {
    await (remoteId
      ? saveAnswer(deps, { nonce: claimed.nonce, remoteId }, write)
      : saveWhenPossible(deps, write));
  } catch (error) {
    if (error instanceof EmptyResultError) {
      logger.warn("The generation was deleted while it was sent", { outcome: outcome.kind });
      return;
    }
    if (!(error instanceof UniqueConstraintError)) throw error;
    const message = "The provider named a request that belongs to another generation.";
    return settleSubmit(deps, job, claimed, { kind: "unknown", message });
  }
  const level = outcome.kind === "accepted" || outcome.kind === "finished" ? "info" : "warn";
  logger[level]("Submit settled", {
    outcome: outcome.kind,
    reason: "message" in outcome ? outcome.message : undefined,
  });
}

function attemptOf(outcome: SubmitOutcome): Parameters<typeof settleAttempt>[2] {
  switch (outcome.kind) {
    case "accepted":
      return { state: "accepted", remoteId: outcome.remoteId };
    case "finished":
      return { state: "finished", ...(outcome.remoteId && { remoteId: outcome.remoteId }) };
    case "back-off":
      return { state: "unsent", code: outcome.code, message: outcome.message };
    case "unknown":
      return { state: "unknown", message: outcome.message };
    default:
      return { state: outcome.kind, code: outcome.code, message: outcome.message };
  }
}

async function advance(
  { records, queue, pace, polls, callbackBase }: JobDeps,
  job: GenerationJob,
  { lease, generation, provider, network }: Claimed,
  outcome: SubmitOutcome,
  transaction: Transaction,
): Promise<void> {
  const { keySource } = generation;
  switch (outcome.kind) {
    case "accepted": {
      const { remoteId } = outcome;
      const pollSeconds = polls.first({ network, preset: generation.preset });
      if (!(await accepted(records, lease, { remoteId, pollSeconds }, transaction))) {
        await keepRemoteId(records, lease.id, { remoteId: outcome.remoteId, keySource }, transaction);
      }
      return;
    }
    case "finished": {
      const { location, costRoubles, report } = outcome.result;
      const values = {
        ...(outcome.remoteId && { remoteId: outcome.remoteId }),
        resultUrl: location.kind === "url" ? location.url : null,
        cost: costRoubles,
        report,
      };
      if (await toFinishing(records, lease, values, transaction)) {
        await queue.enqueue("finish", job, { transaction });
      } else if (outcome.remoteId) {
        await keepRemoteId(records, lease.id, { remoteId: outcome.remoteId, keySource }, transaction);
      }
      return;
    }
    case "refused":
      if (keySource === "own") {
        const code = ownKeyCode(outcome.code);
        await fail(records, lease, failureOf(code, outcome.message), transaction);
        return;
      }
      if (PAUSING.has(outcome.code) && (await requeue(records, lease, transaction))) {
        await pauseProvider(records, provider.id, { code: outcome.code, seconds: pace.pause }, transaction);
        return;
      }
      await fail(records, lease, failureOf(outcome.code, outcome.message), transaction);
      return;
    case "unknown":
      if (!callbackBase) await needConfirmation(records, lease, transaction);
      else {
        await waitForCall(records, lease, LEASE_SECONDS, transaction);
        await queue.enqueue("wake", job, { transaction });
      }
      return;
    default: {
      const rule = RETRY_TABLE.submit[outcome.fault ?? "internal"];
      const tried = await countTries(records, generation, transaction);
      if (rule.tries !== null && tried >= rule.tries) {
        await fail(records, lease, failureOf(outcome.code, outcome.message), transaction);
        return;
      }
      const pause = pauseSeconds(rule, { tried }) * pace.patience;
      const delaySeconds = Math.min(Math.max(pause, outcome.retryAfterSeconds ?? 0), LONGEST_PAUSE_SECONDS);
      if (await requeue(records, lease, transaction)) {
        await queue.enqueue(submitJobOf(provider.id), job, { transaction, delaySeconds });
      }
    }
  }
}
