import { literal, type Transaction } from "sequelize";
import type { StoredError } from "./generation.ts";
import { inSeconds, type Lease } from "./generation-state.ts";
import type { Records } from "./records.ts";

/** How long after a try the deadline is at least, so that it doesn't end what is still being tried. */
const TIME_FOR_A_TRY = "interval '15 minutes'";

const held = ({ id, fence }: Lease) => ({ id, fence, status: "finishing" as const });

/**
 * The result could not be fetched, checked or stored: another try comes after `seconds`, and `error` says meanwhile
 * what is the matter. False where the lease is lost.
 */
export async function postponeResult(
  records: Records,
  lease: Lease,
  { error, seconds }: { error: StoredError; seconds: number },
  transaction: Transaction,
): Promise<boolean> {
  const [changed] = await records.Generation.update(
    {
      error,
      resultTries: literal("result_tries + 1"),
      wakeAt: inSeconds(seconds),
      deadlineAt: literal(`greatest(deadline_at, now() + ${TIME_FOR_A_TRY})`),
    },
    { where: held(lease), transaction },
  );
  return changed === 1;
}

/** `finishing` → `failed`, after every try that made sense. The provider still has the result. */
export async function refuseResult(records: Records, lease: Lease, error: StoredError): Promise<void> {
  await records.Generation.update(
    {
      status: "failed",
      stage: null,
      error,
      resultRefusals: literal("result_refusals + 1"),
      finishedAt: literal("now()"),
      wakeAt: null,
    },
    { where: held(lease) },
  );
}
