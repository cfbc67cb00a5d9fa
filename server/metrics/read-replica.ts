import { Counter, Gauge, type Registry } from "prom-client";
import type { Reads } from "../services/reads/reads.ts";

const STATES = ["fresh", "behind", "away", "unfit"] as const;
const TARGETS = ["replica", "own-write", "behind", "away", "failed"] as const;

/** Where this process reads lists and figures; all states are 0 where no replica is configured. */
export function readReplicaMetrics(registry: Registry, { replica, watch }: Reads): void {
  const registers = [registry];
  const reads = new Counter({
    name: "photo_to_3d_replica_reads_total",
    help: "Reads that may come from the read replica: from there, or why from the primary.",
    labelNames: ["target"],
    registers,
  });
  for (const target of TARGETS) reads.inc({ target }, 0);
  watch((target) => reads.inc({ target }));
  new Gauge({
    name: "photo_to_3d_replica_state",
    help: "1 for how the read replica is (0 for all where there is none): fresh, behind (too far), away, unfit (no standby of this database).",
    labelNames: ["state"],
    registers,
    collect() {
      const now = replica?.state();
      for (const one of STATES) this.set({ state: one }, one === now ? 1 : 0);
    },
  });
  new Gauge({
    name: "photo_to_3d_replica_lag_seconds",
    help: "How far the read replica is behind; NaN while that is not known.",
    registers,
    collect() {
      this.set(replica?.lagSeconds() ?? Number.NaN);
    },
  });
}
