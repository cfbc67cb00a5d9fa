import { literal, type Transaction } from "sequelize";
import type { GenerationStatus } from "../contract/generation.ts";
import type { KeySource } from "../contract/provider.ts";
import { inSeconds, type Lease, WORKING } from "./generation-state.ts";
import type { Records } from "./records.ts";

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
      wakeAt: literal("CASE WHEN remote_id IS NULL OR rescued_at IS NOT NULL THEN NULL ELSE now() END"),
    },
    { where: { id, status: open }, transaction },
  );
  return changed === 1;
}

/**
 * `failed`, `canceled` or `needs-confirmation` → `queued`; `processing` where the remote work can still be picked
 * up; `finishing` where its result is in the store.
 */
export async function reopen(
  records: Records,
  { id, fence }: Lease,
  to:
    | { status: "queued"; keySource: KeySource }
    | { status: "finishing" }
    | { status: "processing"; deadlineSeconds: number },
  transaction: Transaction,
): Promise<boolean> {
  const [changed] = await records.Generation.update(
    {
      status: to.status,
      stage: ({ queued: "queued", processing: "generating", finishing: "checking" } as const)[to.status],
      progress: null,
      error: null,
      resultMissingSince: null,
      finishedAt: null,
      resultTries: 0,
      fence: literal("fence + 1"),
      wakeAt: to.status === "queued" ? null : literal("now()"),
      deadlineAt: to.status === "processing" ? inSeconds(to.deadlineSeconds) : null,
      ...(to.status === "queued" && { resultRefusals: 0, rescuedAt: null }),
      ...(to.status === "queued" && {
        keySource: to.keySource,
        remoteId: null,
        resultUrl: null,
        cost: null,
        queuedAt: literal("now()"),
      }),
    },
    { where: { id, fence, status: ["failed", "canceled", "needs-confirmation"] }, transaction },
  );
  return changed === 1;
}
