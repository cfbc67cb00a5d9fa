import type { GenerationRetry } from "../contract/generation.ts";
import type { Generation } from "../models/generation.ts";

type Facts = Pick<Generation, "status" | "error" | "remoteId" | "rescuedAt" | "resultRefusals">;

/** What a failure says about work that the provider accepted: these end it, all others leave it there to fetch. */
const ENDED_BY_PROVIDER = new Set(["provider-failed", "provider-rejected"]);
/** A result that was refused this often, with all tries each time, will not get better. */
const MAX_REFUSALS = 2;

/** Whether the provider made a result that was paid for and is of no use. */
export function hasUselessResult({ error, remoteId, resultRefusals }: Facts): boolean {
  return remoteId !== null && (error?.code === "result-too-large" || resultRefusals >= MAX_REFUSALS);
}

/**
 * What a retry does: `finish` makes the model of a result that lies in the store, `fetch` asks the provider again for
 * work that it accepted (both are free), `generate` begins anew. Null where there is nothing to retry.
 */
export function retryOf(generation: Facts, isFree: boolean): GenerationRetry | null {
  const { status, error, remoteId, rescuedAt } = generation;
  if (status !== "failed" && status !== "canceled" && status !== "needs-confirmation") return null;
  if (!hasUselessResult(generation)) {
    if (rescuedAt) return { way: "finish", mayCost: false };
    if (remoteId !== null && !ENDED_BY_PROVIDER.has(error?.code ?? ""))
      return { way: "fetch", mayCost: false };
  }
  return { way: "generate", mayCost: !isFree };
}
