import { setTimeout as sleep } from "node:timers/promises";
import type { Sequelize } from "sequelize";

/**
 * So long a migration waits for a table that others use: whoever asks for the table after it waits behind it, so that
 * all who are served meanwhile stand still for this time at most.
 */
const LOCK_TIMEOUT = "2s";
const TRIES = 120;
const LONGEST_PAUSE_MS = 5000;

/** `lock_not_available`, `deadlock_detected`: nothing came about, and a moment later it may. */
const PASSING = ["55P03", "40P01"];

/** Bounds how long statements of these connections wait for locks. */
export function boundLockWaits(sequelize: Sequelize): void {
  sequelize.addHook("afterConnect", async (connection) => {
    await (connection as { query(sql: string): Promise<unknown> }).query(
      `SET lock_timeout = '${LOCK_TIMEOUT}'`,
    );
  });
}

/** Whether an error, or one that it came of, says that others held what was needed. */
function isLocked(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = (at as { parent?: unknown }).parent ?? at.cause) {
    if (PASSING.includes((at as { code?: string }).code ?? "")) return true;
  }
  return false;
}

/**
 * Runs a piece of work again, for about ten minutes, where others held a table; it must be one transaction.
 * `onWait` hears of the first time. Rejects with what `work` throws, and at last that it was locked; with the reason of
 * `signal` where that aborts between two tries.
 */
export async function whenUnlocked(
  work: () => Promise<unknown>,
  { onWait, signal }: { onWait: () => void; signal: AbortSignal },
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLocked(error) || tries === TRIES) throw error;
    }
    if (tries === 1) onWait();
    await sleep(Math.min(LONGEST_PAUSE_MS, 250 * tries), undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  }
}
