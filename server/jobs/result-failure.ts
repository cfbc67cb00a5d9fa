import { literal } from "sequelize";
import { AddressGone } from "../assets/download-errors.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { Generation, StoredError } from "../models/generation.ts";
import { postponeResult, refuseResult } from "../models/generation-results.ts";
import type { Lease } from "../models/generation-state.ts";
import { type Fault, pauseSeconds, RETRY_TABLE, type RetryRule } from "../providers/retry-table.ts";
import type { GenerationJob } from "../queue/catalogue.ts";
import type { JobDeps } from "./deps.ts";

/**
 * Even a full disk ends the waiting some day; the result can be fetched by a retry as long as the provider has it. By
 * the database's clock, as an attribute of the generation.
 */
export const IS_OLD = [literal("queued_at < now() - interval '3 days'"), "isOld"] as const;

/** Which rule of the retry table a failure falls under; what is not here is tried once, for a repetition changes nothing. */
const FAULTS: Partial<Record<ErrorCode, Fault>> = {
  "result-unreachable": "no-answer",
  "result-invalid": "garbled",
  "disk-full": "internal",
  "storage-unavailable": "internal",
  overloaded: "internal",
};

function ruleOf(error: AppError, generation: Generation): RetryRule {
  const { "not-found": gone, refused: never } = RETRY_TABLE.download;
  const isOld = generation.getDataValue(IS_OLD[1] as never) as boolean;
  // Bytes that lie in the store already stay what they are.
  const isHere = error.code === "result-invalid" && !generation.resultUrl;
  if (error instanceof AddressGone) return gone;
  return isHere || isOld ? never : RETRY_TABLE.download[FAULTS[error.code] ?? "refused"];
}

/** The error as it is stored, with its own words where it has some. */
const storedOf = ({ code, detail }: AppError): StoredError => ({
  code,
  ...(detail.en !== new AppError(code).detail.en && { detail }),
});

/** Lets a result that could not be had be tried again after a pause, or ends the generation. Nothing is paid for either way. */
export async function settleResultFailure(
  { records, queue, pace, logger }: Pick<JobDeps, "records" | "queue" | "pace" | "logger">,
  job: GenerationJob,
  { lease, generation }: { lease: Lease; generation: Generation },
  failure: AppError,
): Promise<void> {
  const error = storedOf(failure);
  const rule = ruleOf(failure, generation);
  const tried = generation.resultTries + 1;
  if (rule.again === "never" || (rule.tries !== null && tried >= rule.tries)) {
    logger.error("The result could not be published", { error: failure });
    return refuseResult(records, lease, error);
  }
  const seconds = pauseSeconds(rule, { tried }) * pace.patience;
  await records.sequelize.transaction(async (transaction) => {
    if (!(await postponeResult(records, lease, { error, seconds }, transaction))) return;
    await queue.enqueue("finish", job, { transaction, delaySeconds: Math.ceil(seconds) });
  });
  logger.warn("The result could not be had; it is tried again", {
    code: failure.code,
    seconds,
    error: failure,
  });
}
