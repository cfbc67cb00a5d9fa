import { setTimeout as sleep } from "node:timers/promises";
import type { Transaction } from "sequelize";
import { takePermits } from "../models/provider-permits.ts";
import type { Provider } from "../providers/provider.ts";
import { type GenerationJob, submitJobOf } from "../queue/catalogue.ts";
import type { JobDeps } from "./deps.ts";

/** Waiting in the worker's place keeps the order of the queue and costs one small query a look; seconds. */
const HOLD_SECONDS = 60;
const LONGEST_LOOK = 5;

/**
 * Runs `claim` in the transaction that takes the provider's permit for one submit; null when nothing was claimed.
 * While there is no permit it waits here; after a minute, or when the retry budget is spent, the job goes back to
 * the queue. While the provider is down nothing is claimed, so an outage uses up no attempts.
 */
export async function claimInTurn<T>(
  deps: JobDeps,
  job: GenerationJob,
  provider: Provider,
  { isRetry, claim }: { isRetry: boolean; claim: (transaction: Transaction) => Promise<T | null> },
): Promise<T | null> {
  const { records, queue, stopping } = deps;
  const endAt = performance.now() + HOLD_SECONDS * 1000;
  for (;;) {
    if (deps.isHeld()) return null;
    const { claimed, permits } = await records.sequelize.transaction(async (transaction) => {
      const permits = await takePermits(
        records,
        provider.id,
        { kind: "submit", wanted: 1, isRetry },
        transaction,
      );
      return { permits, claimed: permits.granted > 0 ? await claim(transaction) : null };
    });
    if (permits.granted > 0) return claimed;
    const { refusal, retryAfterSeconds } = permits;
    if (refusal === "retry-budget" || performance.now() > endAt) {
      const delaySeconds = retryAfterSeconds + Math.random() * LONGEST_LOOK;
      await queue.enqueue(submitJobOf(provider.id), job, { delaySeconds });
      return null;
    }
    if (refusal === "breaker" && (await probe(deps, provider))) continue;
    const seconds = Math.min(retryAfterSeconds, LONGEST_LOOK) * (1 + Math.random() / 4);
    await sleep(seconds * 1000, undefined, { signal: stopping });
  }
}

/** Asks the provider something free when it is time for that; true when it answered. */
async function probe({ records, stopping }: JobDeps, provider: Provider): Promise<boolean> {
  const { granted } = await takePermits(records, provider.id, { kind: "read", wanted: 1 });
  return granted > 0 && (await provider.check(stopping)) === null;
}
