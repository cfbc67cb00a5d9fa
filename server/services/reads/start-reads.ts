import type { Config } from "../../config.ts";
import { connectDatabase } from "../../database/connect.ts";
import type { Logger } from "../../logger.ts";
import { defineRecords, type Records } from "../../models/records.ts";
import type { SystemState } from "../system/system-state.ts";
import { createReads, primaryReads, type Reads } from "./reads.ts";

/** The primary is there for whoever the replica lets wait. */
const PATIENCE = { keepAlive: true, connectionTimeoutMillis: 2000, query_timeout: 5000 };
const LONGEST_ACQUIRE_MS = 2000;

interface Parts {
  config: Pick<Config, "readReplica" | "pool">;
  records: Records;
  switches: Pick<SystemState, "get" | "watch">;
  logger: Logger;
}

/** Reads as the settings have them; they are taken down with `building`. */
export function startReads(
  { config, records, switches, logger }: Parts,
  building: AsyncDisposableStack,
): Reads {
  if (!config.readReplica) return primaryReads(records);
  const pool = { ...config.pool, min: 0, acquireMs: Math.min(config.pool.acquireMs, LONGEST_ACQUIRE_MS) };
  const connections = new AsyncDisposableStack();
  building.defer(() => connections.disposeAsync());
  const open = (url: string) => {
    const opened = connectDatabase({ url, pool, patience: PATIENCE });
    connections.defer(() => opened.close());
    return defineRecords(opened);
  };
  const reads = createReads({ records, open, replica: config.readReplica, logger });
  building.defer(() => reads.replica.dispose());
  // The rows of a restore reach the replica later than its notice reaches us.
  let before = JSON.stringify(switches.get("restore"));
  const unwatch = switches.watch(() => {
    const now = JSON.stringify(switches.get("restore"));
    if (now !== before) reads.replica.requireNow();
    before = now;
  });
  building.defer(unwatch);
  return reads;
}
