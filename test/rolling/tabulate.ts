import { percentile } from "../../bench/figures.ts";
import type { Seen } from "../support/cluster/traffic.ts";

/** A line for each kind of request: how many, how many failed, and milliseconds until the whole answer. */
export function tabulate(seen: readonly Seen[]) {
  const lineOf = (some: readonly Seen[]) => ({
    requests: some.length,
    failed: some.filter(({ problem }) => problem !== null).length,
    "p50, ms": Math.round(
      percentile(
        some.map(({ ms }) => ms),
        50,
      ),
    ),
    "p99, ms": Math.round(
      percentile(
        some.map(({ ms }) => ms),
        99,
      ),
    ),
    "longest, ms": Math.round(
      percentile(
        some.map(({ ms }) => ms),
        100,
      ),
    ),
  });
  const kinds = Map.groupBy(seen, ({ deed }) => deed);
  return Object.fromEntries([
    ...[...kinds].map(([deed, some]) => [deed, lineOf(some)]),
    ["all", lineOf(seen)],
  ]);
}
