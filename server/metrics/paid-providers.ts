import { Gauge, type Registry } from "prom-client";
import type { ProviderId } from "../contract/provider.ts";
import type { DailyLimits } from "../services/budget.ts";

interface PaidProvider {
  id: ProviderId;
  isFree: boolean;
  /** Roubles; null where it has no such thing. */
  balance(signal: AbortSignal): Promise<number | null>;
}

const ASK_EVERY_MS = 60_000;
const TIMEOUT_MS = 10_000;
/** A balance that could not be read again for so long isn't shown any more. */
const STALE_MS = 600_000;

/** The balance at each paid provider, asked for beside the scrapes, and the bounds of the day that settings set. */
export function paidProviderMetrics(
  registry: Registry,
  providers: readonly PaidProvider[],
  limits: DailyLimits,
): void {
  const paid = providers.filter(({ isFree }) => !isFree);
  const registers = [registry];
  const balances = paid.map((provider) => ({ provider: provider.id, read: latestBalance(provider) }));
  new Gauge({
    name: "photo_to_3d_provider_balance_roubles",
    help: "The account's balance as the provider said it within the last ten minutes.",
    labelNames: ["provider"],
    registers,
    collect() {
      this.reset();
      for (const { provider, read } of balances) {
        const roubles = read();
        if (roubles !== null) this.set({ provider }, roubles);
      }
    },
  });
  for (const [unit, limit] of Object.entries(limits)) {
    const gauge = new Gauge({
      name: `photo_to_3d_budget_limit_${unit}`,
      help: `Most ${unit} of a day (UTC) by the settings; absent where there is no limit.`,
      labelNames: ["provider"],
      registers,
    });
    if (limit !== null) for (const { id } of paid) gauge.set({ provider: id }, limit);
  }
}

/** The last known balance; asking again goes on in the background, so that no scrape waits for it. */
function latestBalance(provider: PaidProvider): () => number | null {
  let known: { roubles: number | null; at: number } | null = null;
  let askedAt = -Infinity;

  const ask = async () => {
    try {
      const roubles = await provider.balance(AbortSignal.timeout(TIMEOUT_MS));
      known = { roubles, at: performance.now() };
    } catch {
      // The balance reader's errors are in the requests' metrics already.
    }
  };

  return () => {
    const now = performance.now();
    if (now - askedAt > ASK_EVERY_MS) {
      askedAt = now;
      void ask();
    }
    return known && now - known.at < STALE_MS ? known.roubles : null;
  };
}
