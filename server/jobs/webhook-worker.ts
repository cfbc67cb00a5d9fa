import { setTimeout as sleep } from "node:timers/promises";
import { type ClaimedDelivery, claimDeliveries } from "../models/webhook-claims.ts";
import { ATTEMPT_TIMEOUT_MS, deliverWebhook, type WebhookDeps } from "./deliver-webhook.ts";

/** Requests at once in this process; they wait for others and cost little. */
const SLOTS = 50;
const PER_ENDPOINT = 4;
/** Longer than an attempt and what is written before and after it. */
const LEASE_SECONDS = 30;
const IDLE_MS = 1000;
/** What runs when the process stops has so long to end; then it is given back. */
const GRACE_MS = 3000;

/**
 * Delivers what is due until `stopping` aborts: state, clock and claims are the database's, so any number of processes
 * may do it, and after a crash another goes on when the lease ends. `dispose` waits for what runs.
 */
export function startWebhookWorker(deps: WebhookDeps & { stopping: AbortSignal; isFrozen?: () => boolean }): {
  dispose(): Promise<void>;
} {
  const { records, logger, stopping } = deps;
  const running = new Set<Promise<void>>();
  const cutOff = new AbortController();

  const begin = (delivery: ClaimedDelivery) => {
    const attempt = deliverWebhook(deps, delivery, cutOff.signal)
      .catch(
        (error) => void logger.warn("A webhook could not be handled", { deliveryId: delivery.id, error }),
      )
      .finally(() => running.delete(attempt));
    running.add(attempt);
  };

  /** Claims as much as there is room for; tells whether more may be due. */
  const claim = async (): Promise<boolean> => {
    const limit = SLOTS - running.size;
    // What a restored state would tell of must wait until it counts.
    if (limit === 0 || deps.isFrozen?.()) return false;
    const startedAt = performance.now();
    const claimed = await claimDeliveries(records, {
      limit,
      perEndpoint: PER_ENDPOINT,
      leaseSeconds: LEASE_SECONDS,
    });
    const leftMs = LEASE_SECONDS * 1000 - (performance.now() - startedAt);
    // A process that was suspended here must not send what another may have taken by now.
    if (leftMs < ATTEMPT_TIMEOUT_MS + 5000) return false;
    for (const delivery of claimed) begin(delivery);
    return claimed.length > 0;
  };

  const working = (async () => {
    while (!stopping.aborted) {
      const hadWork = await claim().catch((error) => {
        if (!stopping.aborted) logger.warn("Webhooks could not be claimed", { error });
        return false;
      });
      const next = sleep(IDLE_MS, undefined, { signal: stopping }).catch(() => undefined);
      await (hadWork && running.size > 0 ? Promise.race([...running, next]) : next);
    }
  })();

  return {
    async dispose() {
      await working;
      const hurry = setTimeout(() => cutOff.abort(new Error("The process stops")), GRACE_MS);
      await Promise.all(running);
      clearTimeout(hurry);
    },
  };
}
