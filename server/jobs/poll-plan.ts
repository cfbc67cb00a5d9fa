import type { Preset } from "../contract/provider.ts";
import type { Network } from "../providers/provider.ts";
import type { Pace } from "./deps.ts";

/** Added at random, so that work that began together is not asked for together. */
const JITTER = 0.2;
/** Longest wait that is believed when a provider asks for one, seconds. */
const LONGEST_RETRY_AFTER = 600;
/** More seconds than this between the polls that each may have, and there is more work than can be asked for. */
const CROWDED_SECONDS = 10;
/** Share of the usual time before which nobody asks while there is more work than can be asked for. */
const RIPE_SHARE = 0.6;

interface Situation {
  /** Since the work began. */
  ageSeconds: number;
  /** How long work of this kind usually takes. */
  typicalSeconds: number;
  /** How often each generation could be asked for if all had the same share of the provider's rate. */
  fairSeconds: number;
  /** The provider calls when it is done, so that asking is only a precaution. */
  hasCallbacks: boolean;
  /** What the provider asked for. */
  retryAfterSeconds: number | null;
}

/**
 * Seconds until the next poll: they grow with the age of the work, from the shortest to the longest of the pace.
 * Where the provider's rate does not suffice for that, all are asked for more rarely; and where there is far more
 * work, the young waits until it may be done, so that the rest has the rate.
 * `random` is between 0 and 1.
 */
export function pollDelaySeconds(pace: Pace, situation: Situation, random: number): number {
  const { ageSeconds, typicalSeconds, fairSeconds, hasCallbacks, retryAfterSeconds } = situation;
  const grown = Math.min(pace.longestPoll, Math.max(pace.shortestPoll, ageSeconds / 20));
  const isCrowded = fairSeconds > CROWDED_SECONDS;
  const ripeIn = typicalSeconds * (hasCallbacks ? 1 : RIPE_SHARE) - ageSeconds;
  const fair = isCrowded ? Math.max(fairSeconds / 2, ripeIn) : fairSeconds;
  const delay = Math.max(grown, fair) * (1 + JITTER * random);
  return Math.max(delay, Math.min(retryAfterSeconds ?? 0, LONGEST_RETRY_AFTER));
}

interface Work {
  network: Network;
  preset: string | null;
}

/** Plans the polls of one process; knows how crowded the provider is. */
export interface PollPlan {
  /** Seconds from the provider's acceptance to the first poll. */
  first(work: Work): number;
  next(work: Work & { ageSeconds: number; retryAfterSeconds: number | null }): number;
  /** `fairSeconds` as in `pollDelaySeconds`, for all work that the provider has. */
  noteCrowd(fairSeconds: number): void;
}

export function createPollPlan(pace: Pace, hasCallbacks: boolean): PollPlan {
  let fairSeconds = 0;
  const typicalOf = ({ network, preset }: Work) => network.typicalSeconds[(preset ?? "standard") as Preset];
  const delay = (work: Work, ageSeconds: number, retryAfterSeconds: number | null) => {
    const typicalSeconds = typicalOf(work);
    const situation = { ageSeconds, typicalSeconds, fairSeconds, hasCallbacks, retryAfterSeconds };
    return pollDelaySeconds(pace, situation, Math.random());
  };
  return {
    first: (work) => (fairSeconds > CROWDED_SECONDS ? delay(work, 0, null) : pace.firstPoll),
    next: (work) => delay(work, work.ageSeconds, work.retryAfterSeconds),
    noteCrowd(seconds) {
      fairSeconds = seconds;
    },
  };
}
