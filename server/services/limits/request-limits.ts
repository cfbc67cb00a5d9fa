import type { Config } from "../../config.ts";
import { type Allowance, createAllowance, type Standing } from "./allowance.ts";
import type { MakeCounter } from "./counters.ts";

/**
 * What is counted for itself: `requests` of the API; `files`, with pages of share links and callbacks, of which one
 * look at a page needs dozens; `uploads`, which cost the most.
 */
export type LimitKind = "requests" | "files" | "uploads";

/** How much of the settings each may have. */
const SHARES: Record<LimitKind, number> = { requests: 1, files: 10, uploads: 1 / 5 };

export interface RequestLimits {
  /** How the key stands with each bound, up to the first that is used up. Nothing where there are no bounds. */
  take(kind: LimitKind, key: string): Promise<Standing[]>;
  /** The bound that is known here to be used up. Asks nobody. */
  spent(kind: LimitKind, key: string): Standing | null;
}

/** Bounds of one user, API key or address, by the minute and by the hour. */
export function createRequestLimits(
  makeCounter: MakeCounter,
  { perMinute, perHour }: Config["rateLimits"],
): RequestLimits {
  const allowancesOf = (kind: LimitKind): Allowance[] =>
    (
      [
        ["minute", perMinute, 60],
        ["hour", perHour, 3600],
      ] as const
    ).flatMap(([window, bound, seconds]) => {
      if (bound === null) return [];
      const name = kind === "requests" ? window : `${kind}-${window}`;
      const rule = { name, points: Math.max(1, Math.floor(bound * SHARES[kind])), seconds };
      return [createAllowance(makeCounter(rule), rule)];
    });
  const allowances = {
    requests: allowancesOf("requests"),
    files: allowancesOf("files"),
    uploads: allowancesOf("uploads"),
  };
  return {
    async take(kind, key) {
      const standings: Standing[] = [];
      for (const allowance of allowances[kind]) {
        const standing = await allowance.take(key);
        standings.push(standing);
        if (standing.isOver) break;
      }
      return standings;
    },
    spent(kind, key) {
      for (const allowance of allowances[kind]) {
        const standing = allowance.spent(key);
        if (standing) return standing;
      }
      return null;
    },
  };
}
