import { AddressGone } from "../assets/download-errors.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { Generation, StoredError } from "../models/generation.ts";
import { postponeResult, refuseResult } from "../models/generation-results.ts";
import type { Lease } from "../models/generation-state.ts";
import type { GenerationJob } from "../queue/catalogue.ts";
import type { JobDeps } from "./deps.ts";

/** How often a result is tried at most; what is not here is tried once, for a repetition changes nothing. */
const MAX_TRIES: Partial<Record<ErrorCode, number>> = {
  "result-unreachable": 10,
  "result-invalid": 2,
  "disk-full": Number.POSITIVE_INFINITY,
  overloaded: Number.POSITIVE_INFINITY,
};
/** An address that a fresh poll did not mend. */
const MAX_TRIES_GONE = 4;
const LONGEST_PAUSE_SECONDS = 120;
/** Of what this server itself lacks: soon there, or for hours. */
const LONGEST_OWN_PAUSE_SECONDS = 30;
/** Even a full disk ends the waiting some day; the result can be fetched by a retry as long as the provider has it. */
const MAX_AGE_DAYS = 3;

function maxTries(error: AppError, generation: Generation): number {
  if (error instanceof AddressGone) return MAX_TRIES_GONE;
  // Bytes that lie in the store already stay what they are.
  if (error.code === "result-invalid" && !generation.resultUrl) return 1;
  const isOld = Date.now() - generation.createdAt.getTime() > MAX_AGE_DAYS * 86_400_000;
  return isOld ? 1 : (MAX_TRIES[error.code] ?? 1);
}

function pauseSeconds(baseSeconds: number, { code }: AppError, tries: number): number {
  const longest =
    code === "disk-full" || code === "overloaded" ? LONGEST_OWN_PAUSE_SECONDS : LONGEST_PAUSE_SECONDS;
  return Math.min(baseSeconds * 2 ** Math.min(tries, 10), longest) * (0.5 + Math.random());
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
  const { resultTries } = generation;
  if (resultTries + 1 >= maxTries(failure, generation)) {
    logger.error("The result could not be published", { error: failure });
    return refuseResult(records, lease, error);
  }
  const seconds = pauseSeconds(pace.backOff, failure, resultTries);
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
