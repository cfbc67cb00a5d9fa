import { type Attributes, literal, type Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import { FINAL_STATUSES, type GenerationStatus } from "../contract/generation.ts";
import type { AttemptState } from "./attempt.ts";
import type { Generation, StoredError } from "./generation.ts";
import type { Records } from "./records.ts";

/** The right to change a generation: it ends when another claim or a person changed the row. */
export interface Lease {
  id: string;
  fence: number;
}

/** Seconds until a lease that is not renewed ends. */
export const LEASE_SECONDS = 15;

/** A time of the database's clock. */
const inSeconds = (seconds: number) => literal(`now() + interval '${Number(seconds)} seconds'`);

type Literal = ReturnType<typeof literal>;
type Values = { [K in keyof Attributes<Generation>]?: Attributes<Generation>[K] | Literal };

/** Changes the row only while it is in one of `from` and the lease still holds; tells whether it was changed. */
async function change(
  records: Records,
  lease: Lease,
  from: GenerationStatus[],
  values: Values,
  transaction?: Transaction,
): Promise<boolean> {
  const [changed] = await records.Generation.update(values, {
    where: { id: lease.id, fence: lease.fence, status: from },
    transaction,
  });
  return changed === 1;
}

/** `queued` → `submitting` (paid) or `processing` (free), with a new attempt; null when someone else was first. */
export async function claimQueued(
  records: Records,
  id: string,
  options: { isFree: boolean; nonce: string; deadlineSeconds: number; transaction: Transaction },
): Promise<{ lease: Lease; generation: Generation } | null> {
  const { transaction } = options;
  const [, [generation]] = await records.Generation.update(
    {
      status: options.isFree ? "processing" : "submitting",
      stage: options.isFree ? "generating" : "uploading",
      progress: null,
      attempts: literal("attempts + 1"),
      fence: literal("fence + 1"),
      wakeAt: inSeconds(LEASE_SECONDS),
      deadlineAt: inSeconds(options.deadlineSeconds),
      startedAt: literal("coalesce(started_at, now())"),
      error: null,
    },
    { where: { id, status: "queued" }, returning: true, transaction },
  );
  if (!generation) return null;
  await records.Attempt.create(
    { id: newId(), generationId: id, number: generation.attempts, nonce: options.nonce, state: "open" },
    { transaction },
  );
  return { lease: { id, fence: generation.fence }, generation };
}

/** Takes a `finishing` row whose lease is free; null when someone else works on it. */
export async function claimFinishing(records: Records, id: string): Promise<Lease | null> {
  const [, [generation]] = await records.Generation.update(
    { fence: literal("fence + 1"), wakeAt: inSeconds(LEASE_SECONDS) },
    { where: { id, status: "finishing", wakeAt: literal("wake_at <= now()") as never }, returning: true },
  );
  return generation ? { id, fence: generation.fence } : null;
}

const WORKING: GenerationStatus[] = ["submitting", "processing", "finishing"];

export const renew = (records: Records, lease: Lease, seconds = LEASE_SECONDS) =>
  change(records, lease, WORKING, { wakeAt: inSeconds(seconds) });

/** Gives the lease back, so that a retry may take the row at once. */
export const release = (records: Records, lease: Lease) =>
  change(records, lease, WORKING, { wakeAt: literal("now()") });

/** Progress never falls; `percent` null leaves it. */
export const report = (
  records: Records,
  lease: Lease,
  values: { stage?: Generation["stage"]; percent?: number | null },
  wakeSeconds = LEASE_SECONDS,
) =>
  change(records, lease, WORKING, {
    ...(values.stage && { stage: values.stage }),
    ...(values.percent != null && {
      progress: literal(`greatest(coalesce(progress, 0), ${Number(values.percent)})`),
    }),
    wakeAt: inSeconds(wakeSeconds),
  });

export const accepted = (records: Records, lease: Lease, remoteId: string, transaction: Transaction) =>
  change(
    records,
    lease,
    ["submitting"],
    { status: "processing", stage: "generating", remoteId, wakeAt: inSeconds(60) },
    transaction,
  );

export const toFinishing = (
  records: Records,
  lease: Lease,
  values: {
    remoteId?: string;
    resultUrl: string | null;
    cost: number | null;
    report: Record<string, unknown>;
  },
  transaction: Transaction,
) =>
  change(
    records,
    lease,
    ["submitting", "processing"],
    {
      status: "finishing",
      stage: values.resultUrl ? "downloading" : "checking",
      progress: 100,
      resultUrl: values.resultUrl,
      report: values.report,
      wakeAt: literal("now()"),
      ...(values.remoteId && { remoteId: values.remoteId }),
      ...(values.cost !== null && { cost: String(values.cost) }),
    },
    transaction,
  );

export const requeue = (records: Records, lease: Lease, transaction: Transaction) =>
  change(
    records,
    lease,
    ["submitting", "processing"],
    { status: "queued", stage: "queued", progress: null, wakeAt: null, deadlineAt: null },
    transaction,
  );

export const fail = (records: Records, lease: Lease, error: StoredError, transaction?: Transaction) =>
  change(
    records,
    lease,
    ["queued", ...WORKING],
    { status: "failed", stage: null, error, finishedAt: literal("now()"), wakeAt: null },
    transaction,
  );

export const needConfirmation = (records: Records, lease: Lease, transaction: Transaction) =>
  change(
    records,
    lease,
    ["submitting"],
    { status: "needs-confirmation", stage: null, error: { code: "submit-unknown" }, wakeAt: null },
    transaction,
  );

export const succeed = (records: Records, lease: Lease, transaction: Transaction) =>
  change(
    records,
    lease,
    ["finishing"],
    { status: "succeeded", stage: null, finishedAt: literal("now()"), wakeAt: null },
    transaction,
  );

/** Any state that is not final → `canceled`; the worker that holds the lease notices and stops. */
export async function cancel(records: Records, id: string, transaction: Transaction): Promise<boolean> {
  const open: GenerationStatus[] = ["queued", "needs-confirmation", ...WORKING];
  const [changed] = await records.Generation.update(
    {
      status: "canceled",
      stage: null,
      error: null,
      fence: literal("fence + 1"),
      finishedAt: literal("now()"),
      wakeAt: null,
    },
    { where: { id, status: open }, transaction },
  );
  return changed === 1;
}

/** `failed` or `canceled` → `queued`, or `processing` where the remote work can still be picked up. */
export async function reopen(
  records: Records,
  id: string,
  to: { status: "queued" } | { status: "processing"; deadlineSeconds: number },
  transaction: Transaction,
): Promise<boolean> {
  const resumes = to.status === "processing";
  const [changed] = await records.Generation.update(
    {
      status: to.status,
      stage: resumes ? "generating" : "queued",
      progress: null,
      error: null,
      finishedAt: null,
      fence: literal("fence + 1"),
      wakeAt: resumes ? inSeconds(60) : null,
      deadlineAt: resumes ? inSeconds(to.deadlineSeconds) : null,
      ...(!resumes && { remoteId: null, resultUrl: null }),
    },
    { where: { id, status: FINAL_STATUSES.filter((status) => status !== "succeeded") }, transaction },
  );
  return changed === 1;
}

/** Closes the open attempt of a generation, if there is one. */
export async function closeAttempt(
  records: Records,
  generationId: string,
  values: { state: Exclude<AttemptState, "open">; remoteId?: string; message?: string },
  transaction?: Transaction,
): Promise<void> {
  await records.Attempt.update(
    { ...values, closedAt: literal("now()") },
    { where: { generationId, state: "open" }, transaction },
  );
}
