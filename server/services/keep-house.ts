import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { removeExpiredSignIns } from "./accounts/remove-expired.ts";
import { removeOldAudit } from "./audit-log.ts";
import { applyRetention } from "./erasure/retention.ts";
import { removeOrphans } from "./housekeeping.ts";
import { removeKeptResults } from "./kept-results.ts";
import { removeRevokedShares } from "./shares.ts";
import { isFrozen } from "./system/frozen.ts";
import type { SystemState } from "./system/system-state.ts";
import { removeOldDeliveries } from "./webhook-deliveries.ts";

const DAY_MS = 86_400_000;

interface Deps {
  records: Records;
  storage: Storage;
  logger: Logger;
  config: Pick<Config, "retentionDays" | "auditRetentionDays">;
  switches: Pick<SystemState, "get">;
}

/** Everything that is done once a day. Doing it more often, or in several processes at once, is harmless. */
const CHORES: Record<string, (deps: Deps) => Promise<unknown>> = {
  "temporary files": ({ storage }) => storage.sweepTemp(DAY_MS / 1000),
  "files without a row": removeOrphans,
  "kept results": removeKeptResults,
  "webhook deliveries": ({ records }) => removeOldDeliveries(records),
  "revoked links": ({ records }) => removeRevokedShares(records),
  "expired sign-ins": ({ records }) => removeExpiredSignIns(records),
  "old models": async ({ config, ...deps }) =>
    config.retentionDays && applyRetention(deps, config.retentionDays),
  "audit log": async ({ config, records }) =>
    config.auditRetentionDays && removeOldAudit(records, config.auditRetentionDays),
};

/** Removes what is left over or past its time: at the start and once a day. A chore that fails leaves the others. */
export async function keepHouse(deps: Deps, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    for (const [name, chore] of Object.entries(CHORES)) {
      if (stop.aborted) return;
      if (!deps.switches.get("housekeeping").running || isFrozen(deps.switches)) break;
      await chore(deps).catch((error) => {
        if (!stop.aborted) deps.logger.warn("Housekeeping failed", { chore: name, error });
      });
    }
    await sleep(DAY_MS, undefined, { signal: stop, ref: false }).catch(() => undefined);
  }
}
