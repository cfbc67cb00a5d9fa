import type { Logger } from "../../logger.ts";
import type { SystemState } from "../system/system-state.ts";

const LOOK_MS = 3000;

interface Deps {
  switches: Pick<SystemState, "get" | "watch">;
  /** Settles what is left, where nobody is at it; answers whether nothing is left any more. */
  recover: () => Promise<boolean>;
  logger: Pick<Logger, "warn">;
  lookMs?: number;
}

/**
 * Looks, while a restore is under way anywhere, whether whoever does it still lives, and finishes or takes back what a
 * process has left that was killed; once more when the backup is in place, because its files may be missing.
 */
export function rescueRestores({ switches, recover, logger, lookMs = LOOK_MS }: Deps) {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isAway = false;
  /** The restored state of which nothing is left to do. */
  let settled: string | null = null;

  const isWanted = () => {
    const restore = switches.get("restore");
    return restore !== null && (restore.state === "running" || restore.at !== settled);
  };
  async function look(): Promise<void> {
    const restore = switches.get("restore");
    try {
      const isClear = await recover();
      if (isClear && restore?.state === "restored") settled = restore.at;
      isAway = false;
    } catch (error) {
      if (!isAway) logger.warn("What a restore may have left could not be looked at", { error });
      isAway = true;
    }
  }
  function follow(): void {
    if (!isWanted()) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    timer ??= setInterval(() => {
      looking ??= look().finally(() => {
        looking = undefined;
        follow();
      });
    }, lookMs);
  }
  const unwatch = switches.watch(follow);
  follow();
  return {
    async dispose(): Promise<void> {
      unwatch();
      clearInterval(timer);
      await looking;
      clearInterval(timer);
    },
  };
}
