import { type Attributes, literal, Op, type Transaction } from "sequelize";
import type { GenerationStatus } from "../contract/generation.ts";
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
export const inSeconds = (seconds: number) => literal(`now() + interval '${Number(seconds)} seconds'`);

/**
 * Reads a generation that the transaction is about to change. Whoever changes both it and an attempt begins with it:
 * in different orders two of them would wait for each other.
 */
export const lockGeneration = (records: Records, id: string, transaction: Transaction) =>
  records.Generation.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE, rejectOnEmpty: true });

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

/** States in which a worker holds the row. */
export const WORKING: GenerationStatus[] = ["submitting", "processing", "finishing"];

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

/** Also where it was not known for a while whether the provider had accepted it. The first poll is due in `pollSeconds`. */
export const accepted = (
  records: Records,
  lease: Lease,
  { remoteId, pollSeconds }: { remoteId: string; pollSeconds: number },
  transaction: Transaction,
) =>
  change(
    records,
    lease,
    ["submitting", "needs-confirmation"],
    {
      status: "processing",
      stage: "generating",
      remoteId,
      resultMissingSince: null,
      error: null,
      wakeAt: inSeconds(pollSeconds),
    },
    transaction,
  );

/** The answer is lost, but the provider may still call: the row stays as it is for so long. */
export const waitForCall = (records: Records, lease: Lease, seconds: number, transaction: Transaction) =>
  change(records, lease, ["submitting"], { stage: "generating", wakeAt: inSeconds(seconds) }, transaction);

/** Work that nobody waits for any more, and that a call may still name. */
const CALLED_LATE: GenerationStatus[] = ["needs-confirmation", "canceled"];

/** The call has come: whoever handles it has the time of a lease, then somebody else looks. */
export const expectLook = (records: Records, id: string, transaction: Transaction) =>
  records.Generation.update(
    { wakeAt: inSeconds(LEASE_SECONDS) },
    {
      where: {
        id,
        remoteId: null,
        [Op.or]: [
          {
            status: "submitting",
            stage: "generating",
            wakeAt: literal(`wake_at > now() + interval '${LEASE_SECONDS} seconds'`) as never,
          },
          { status: CALLED_LATE },
        ],
      },
      transaction,
    },
  );

/** The next look at such work while a call about it is not settled, until its deadline. */
export const lookAgain = (records: Records, id: string) =>
  records.Generation.update(
    { wakeAt: literal(`CASE WHEN deadline_at > now() THEN now() + interval '${LEASE_SECONDS} seconds' END`) },
    { where: { id, remoteId: null, status: CALLED_LATE } },
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
    ["submitting", "processing", "needs-confirmation"],
    {
      status: "finishing",
      error: null,
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

/** Also where it was not known for a while what the provider had done. */
export const requeue = (records: Records, lease: Lease, transaction: Transaction) =>
  change(
    records,
    lease,
    ["submitting", "processing", "needs-confirmation"],
    { status: "queued", stage: "queued", progress: null, error: null, wakeAt: null, deadlineAt: null },
    transaction,
  );

/** `cost` is what the provider says that the failure cost, roubles; null where it says nothing. */
export const fail = (
  records: Records,
  lease: Lease,
  error: StoredError,
  transaction?: Transaction,
  cost: number | null = null,
) =>
  change(
    records,
    lease,
    ["queued", "needs-confirmation", ...WORKING],
    {
      status: "failed",
      stage: null,
      error,
      finishedAt: literal("now()"),
      wakeAt: null,
      ...(cost !== null && { cost: String(cost) }),
    },
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
