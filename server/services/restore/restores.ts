import type { LocalizedText } from "../../contract/common.ts";
import type { RestoreStatus } from "../../contract/restore.ts";
import type { Actor } from "../audit.ts";
import type { SwitchValue } from "../system/switches.ts";
import type { SystemState } from "../system/system-state.ts";
import { confirmRestore, undoRestore } from "./decide.ts";
import type { RestoreDeps, RestoreOrder } from "./deps.ts";
import { recoverRestore } from "./recover.ts";
import { beginRestore } from "./run-restore.ts";

interface Deps extends RestoreDeps {
  switches: SystemState;
}

/** Restoring within a running server: other processes hear of each step by the switches. */
export function createRestores({ switches, ...deps }: Deps) {
  const running = new Set<Promise<unknown>>();
  return {
    status(locale: keyof LocalizedText = "en"): RestoreStatus {
      const restore = switches.get("restore");
      const failure = switches.get("restoreFailure");
      return {
        state: restore?.state ?? "none",
        filename: restore?.filename ?? null,
        step: restore?.step ?? null,
        startedAt: restore?.startedAt ?? null,
        restoredAt: restore?.state === "restored" ? restore.at : null,
        failure: failure && presentFailure(failure, locale),
      };
    },
    /** Resolves once it has begun. Throws as `beginRestore`. */
    async begin(order: RestoreOrder): Promise<void> {
      const { done } = await beginRestore(deps, order);
      const ended: Promise<unknown> = done.catch(() => undefined).finally(() => running.delete(ended));
      running.add(ended);
      await switches.refresh();
    },
    /** Settles what a process has left that was killed; answers whether nothing is left. */
    recover: () => recoverRestore(deps),
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

function presentFailure(
  { messageRu, ...failure }: NonNullable<SwitchValue<"restoreFailure">>,
  locale: keyof LocalizedText,
): RestoreStatus["failure"] {
  return { ...failure, message: locale === "ru" && messageRu ? messageRu : failure.message };
}
