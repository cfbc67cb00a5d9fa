import type { AttemptVerdict } from "../models/webhook-results.ts";

const MINUTE = 60;
const HOUR = 3600;

/** Shortest pause before each repeat, seconds; the jitter adds up to the same again, so all of them span 25 to 49 hours. */
export const RETRY_SECONDS: readonly number[] = [
  5,
  30,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  11 * HOUR,
];

/** Nothing got through for so long, and so often in a row: the receiver is given up until its owner enables it. */
const HOPELESS_SECONDS = 5 * 24 * HOUR;
const HOPELESS_FAILURES = 10;

const GONE = 410;

export interface AttemptFacts {
  /** What the receiver answered; null where it didn't. */
  status: number | null;
  retryAfterSeconds: number | null;
  /** Of this delivery, in this round, before this attempt. */
  failures: number;
  /** A test is sent once. */
  isPing: boolean;
  /** Of the receiver, before this attempt. */
  failingSeconds: number | null;
  failuresInRow: number;
}

/**
 * What one attempt means. 2xx got through; 410 disables the receiver at once; everything else, redirects too, is
 * tried again by `RETRY_SECONDS`, or later where `Retry-After` asks for that; then it is given up. A receiver is
 * disabled when nothing got through for five days and at least ten attempts failed in a row.
 * @param random from 0 up to 1
 */
export function judgeAttempt(facts: AttemptFacts, random = Math.random()): AttemptVerdict {
  const { status, failures, isPing, failingSeconds, failuresInRow, retryAfterSeconds } = facts;
  if (status !== null && status >= 200 && status < 300) {
    return { state: "succeeded", delaySeconds: 0, disable: null };
  }
  if (status === GONE) return { state: "failed", delaySeconds: 0, disable: "gone" };
  const isHopeless =
    !isPing && (failingSeconds ?? 0) >= HOPELESS_SECONDS && failuresInRow + 1 >= HOPELESS_FAILURES;
  const pause = isPing ? undefined : RETRY_SECONDS[failures];
  return {
    state: pause === undefined ? "failed" : "retry",
    delaySeconds: pause === undefined ? 0 : Math.max(pause * (1 + random), retryAfterSeconds ?? 0),
    disable: isHopeless ? "failing" : null,
  };
}
