import { CACHE_POLICIES, type CacheKind } from "./policies.ts";

/**
 * `hit`: a value was there; `miss`: it was not; `load`: it was made anew; `error`: Redis failed to answer.
 * `seconds` is how long that took.
 */
export interface CacheEvent {
  kind: CacheKind;
  outcome: "hit" | "miss" | "load" | "error";
  seconds: number;
}

/** What has become of the questions of this process to the cache. */
export interface CacheStatistics {
  note(event: CacheEvent): void;
  /** Calls `listener` with each event from now on. */
  watch(listener: (event: CacheEvent) => void): () => void;
  read(kind: CacheKind): CacheFigures;
  /** Since when it counts. */
  since: Date;
}

interface CacheFigures {
  hits: number;
  misses: number;
  loads: number;
  errors: number;
  /** Of the latest questions, milliseconds; null: there was none. */
  latencyMs: { p50: number; p95: number } | null;
}

/** So many of the latest questions make the percentiles. */
const LATEST = 500;

/** Counts from zero. */
export function createCacheStatistics(): CacheStatistics {
  const kinds = Object.keys(CACHE_POLICIES) as CacheKind[];
  const counts = Object.fromEntries(
    kinds.map((kind) => [kind, { hit: 0, miss: 0, load: 0, error: 0 }]),
  ) as Record<CacheKind, Record<CacheEvent["outcome"], number>>;
  const latencies = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]])) as Record<
    CacheKind,
    number[]
  >;
  const listeners = new Set<(event: CacheEvent) => void>();
  return {
    since: new Date(),
    note(event) {
      const { kind, outcome, seconds } = event;
      const answered = counts[kind].hit + counts[kind].miss;
      counts[kind][outcome] += 1;
      if (outcome === "hit" || outcome === "miss") latencies[kind][answered % LATEST] = seconds * 1000;
      for (const listener of listeners) listener(event);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read(kind) {
      const { hit, miss, load, error } = counts[kind];
      const sorted = latencies[kind].toSorted((one, other) => one - other);
      const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
      return {
        hits: hit,
        misses: miss,
        loads: load,
        errors: error,
        latencyMs: sorted.length > 0 ? { p50: at(0.5), p95: at(0.95) } : null,
      };
    },
  };
}
