import { createHash } from "node:crypto";
import { AppError } from "../../errors.ts";
import type { MakeCounter } from "./counters.ts";

/** So many attempts in so many seconds; who goes on waits, each time twice as long. */
export interface AttemptRule {
  points: number;
  seconds: number;
  firstWaitSeconds: number;
  longestWaitSeconds: number;
}

const MINUTE = 60;
const HOUR = 3600;

/** What is tried with secrets, or writes letters to others: bounds that no setting lifts. */
export const ATTEMPT_RULES = {
  /** Wrong passwords of one account from one address. */
  "sign-in": {
    points: 5,
    seconds: 15 * MINUTE,
    firstWaitSeconds: MINUTE,
    longestWaitSeconds: 6 * HOUR,
  },
  /** Of one account from everywhere: whoever tries from many addresses can keep its owner waiting, but not for long. */
  "sign-in-account": {
    points: 50,
    seconds: HOUR,
    firstWaitSeconds: MINUTE,
    longestWaitSeconds: 15 * MINUTE,
  },
  /** Of all accounts from one address, behind which a whole office may be. */
  "sign-in-address": {
    points: 50,
    seconds: HOUR,
    firstWaitSeconds: 5 * MINUTE,
    longestWaitSeconds: 6 * HOUR,
  },
  /** New accounts from one address. */
  registration: { points: 20, seconds: HOUR, firstWaitSeconds: 10 * MINUTE, longestWaitSeconds: 6 * HOUR },
  /** Tokens of links, tried from one address. */
  link: { points: 30, seconds: 10 * MINUTE, firstWaitSeconds: 5 * MINUTE, longestWaitSeconds: 6 * HOUR },
  /** Letters asked for from one address, and to one address. */
  letter: { points: 10, seconds: HOUR, firstWaitSeconds: 10 * MINUTE, longestWaitSeconds: 6 * HOUR },
  "letter-account": { points: 5, seconds: HOUR, firstWaitSeconds: HOUR, longestWaitSeconds: 6 * HOUR },
} as const satisfies Record<string, AttemptRule>;

export type AttemptKind = keyof typeof ATTEMPT_RULES;
export type AttemptRules = Record<AttemptKind, AttemptRule>;

/** How long waits are remembered after the last of them. */
const MEMORY_SECONDS = 86_400;

export interface Attempts {
  /** Counts an attempt. @throws AppError `rate-limited` with the seconds to wait */
  take(kind: AttemptKind, key: string): Promise<void>;
  /** An attempt that was none. */
  takeBack(kind: AttemptKind, key: string): Promise<void>;
  /** All attempts, and how long the next wait would be. */
  forget(kind: AttemptKind, key: string): Promise<void>;
}

export const rateLimited = (seconds: number): AppError =>
  new AppError("rate-limited", { retryAfterSeconds: Math.max(1, Math.ceil(seconds)) });

/** Addresses of people are not written into the counts. */
const hashed = (key: string) =>
  createHash("sha256").update(key.toLowerCase()).digest("base64url").slice(0, 27);

export function createAttempts(makeCounter: MakeCounter, rules: AttemptRules = ATTEMPT_RULES): Attempts {
  const countersOf = (kind: AttemptKind) => {
    const rule = rules[kind];
    return {
      rule,
      tried: makeCounter({ name: kind, ...rule }),
      waits: makeCounter({ name: `${kind}-waits`, points: 1e9, seconds: MEMORY_SECONDS }),
    };
  };
  const kinds = Object.keys(ATTEMPT_RULES) as AttemptKind[];
  const counters = new Map(kinds.map((kind) => [kind, countersOf(kind)]));
  return {
    async take(kind, given) {
      const key = hashed(given);
      const { rule, tried, waits } = counters.get(kind)!;
      const { count, seconds } = await tried.add(key, 1);
      if (count <= rule.points) return;
      // Whoever comes during a wait gets its rest; the first one beyond begins it.
      if (count !== rule.points + 1) throw rateLimited(seconds);
      const { count: times } = await waits.add(key, 1);
      const wait = Math.min(rule.firstWaitSeconds * 2 ** (times - 1), rule.longestWaitSeconds);
      await tried.block(key, wait);
      throw rateLimited(wait);
    },
    takeBack: (kind, key) => counters.get(kind)!.tried.takeBack(hashed(key)),
    async forget(kind, given) {
      const key = hashed(given);
      const { tried, waits } = counters.get(kind)!;
      await tried.forget(key);
      await waits.forget(key);
    },
  };
}
