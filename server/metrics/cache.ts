import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { OpenCache } from "../cache/open-cache.ts";
import { CACHE_POLICIES } from "../cache/policies.ts";

const STATES = ["memory", "shared", "away"] as const;
const OUTCOMES = ["hit", "miss", "load", "error"] as const;

/** What the cache answered this process, by the kind of data, and where it is. */
export function cacheMetrics(registry: Registry, { statistics, state }: OpenCache): void {
  const registers = [registry];
  const requests = new Counter({
    name: "photo_to_3d_cache_requests_total",
    help: "Questions of this process to the cache: hit, miss, load (made anew), error (Redis did not answer).",
    labelNames: ["policy", "outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "photo_to_3d_cache_request_duration_seconds",
    help: "Time until the cache had answered with a value or without one.",
    labelNames: ["policy"],
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25],
    registers,
  });
  for (const policy of Object.keys(CACHE_POLICIES)) {
    for (const outcome of OUTCOMES) requests.inc({ policy, outcome }, 0);
    durations.zero({ policy });
  }
  statistics.watch(({ kind, outcome, seconds }) => {
    requests.inc({ policy: kind, outcome });
    if (outcome === "hit" || outcome === "miss") durations.observe({ policy: kind }, seconds);
  });
  new Gauge({
    name: "photo_to_3d_cache_state",
    help: "1 for where the cache is: memory (no Redis is set), shared (Redis), away (Redis fails; memory meanwhile).",
    labelNames: ["state"],
    registers,
    async collect() {
      const now = await state();
      for (const one of STATES) this.set({ state: one }, one === now ? 1 : 0);
    },
  });
}
