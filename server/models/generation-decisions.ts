import { literal, type Transaction } from "sequelize";
import type { GenerationStatus } from "../contract/generation.ts";
import { inSeconds, WORKING } from "./generation-state.ts";
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
      wakeAt: null,
    },
    { where: { id, status: open }, transaction },
  );
  return changed === 1;
}

/** `failed`, `canceled` or `needs-confirmation` → `queued`, or `processing` where the remote work can still be picked up. */
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
    { where: { id, status: ["failed", "canceled", "needs-confirmation"] }, transaction },
  );
  return changed === 1;
}
