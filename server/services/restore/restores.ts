import type { RestoreStatus } from "../../contract/restore.ts";
import type { Records } from "../../models/records.ts";
import { type Actor, audit } from "../audit.ts";
import type { SystemState } from "../system/system-state.ts";
import { confirmRestore, undoRestore } from "./decide.ts";
import type { RestoreDeps, RestoreOrder } from "./deps.ts";
import { beginRestore } from "./run-restore.ts";

interface Deps extends RestoreDeps {
  records: Records;
  switches: SystemState;
}

/** Restoring within a running server: other processes hear of each step by the switches. */
export function createRestores({ records, switches, ...deps }: Deps) {
  const running = new Set<Promise<unknown>>();
  return {
    status(): RestoreStatus {
      const restore = switches.get("restore");
      return {
        state: restore?.state ?? "none",
        filename: restore?.filename ?? null,
        step: restore?.step ?? null,
        startedAt: restore?.startedAt ?? null,
        restoredAt: restore?.state === "restored" ? restore.at : null,
        failure: switches.get("restoreFailure"),
      };
    },
    /** Resolves once it has begun. Throws as `beginRestore`. */
    async begin(order: RestoreOrder): Promise<void> {
      const { filename, by } = order;
      const { done } = await beginRestore(deps, order);
      await audit(records, { action: "backup.restore-started", details: { filename }, by });
      const ended = done
        .catch(() => audit(records, { action: "backup.restore-failed", details: { filename }, by }))
        .catch((error) => deps.logger.warn("The end of a restore is not on record", { error }))
        .finally(() => running.delete(ended));
      running.add(ended);
      await switches.refresh();
    },
    async confirm(by: Actor): Promise<void> {
      await confirmRestore(deps, by);
      await switches.refresh();
    },
    async undo(by: Actor): Promise<void> {
      await undoRestore(deps, by);
      await switches.refresh();
    },
    /** Waits for one that is under way; `stopping` ends it. */
    async dispose(): Promise<void> {
      await Promise.all(running);
    },
  };
}

export type Restores = ReturnType<typeof createRestores>;
