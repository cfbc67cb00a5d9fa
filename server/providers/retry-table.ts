/** What went wrong between us and a provider; `internal` is our own fault, before anything was sent. */
export type Fault =
  | "internal"
  | "unsent"
  | "no-answer"
  | "server-error"
  | "garbled"
  | "throttled"
  | "not-found"
  | "refused"
  | "unexplained";

export type Call = "submit" | "poll" | "download" | "balance";

export interface RetryRule {
  /** Who sends it again: the product by itself, only a person, or nobody, for the answer would be the same. */
  again: "by-itself" | "by-person" | "never";
  /** The first pause is up to `base` long, each further one up to twice as long, none longer than `cap`; seconds. */
  base: number;
  cap: number;
  /** Counts in the circuit breaker as a sign that the provider is down. */
  countsAsDown: boolean;
  /** Most tries in a row; null where only the deadline of the work ends them. */
  tries: number | null;
}

const byItself = (
  base: number,
  cap: number,
  countsAsDown = false,
  tries: number | null = null,
): RetryRule => ({
  again: "by-itself",
  base,
  cap,
  countsAsDown,
  tries,
});
const byPerson = (countsAsDown: boolean): RetryRule => ({
  again: "by-person",
  base: 0,
  cap: 0,
  countsAsDown,
  tries: 1,
});
const NEVER: RetryRule = { again: "never", base: 0, cap: 0, countsAsDown: false, tries: 1 };

/**
 * What follows from every fault of every kind of call. A submit may be paid: it is repeated only where it is proven
 * that nothing was started. Reads cost nothing and are repeated more, and sooner.
 */
export const RETRY_TABLE: Readonly<Record<Call, Readonly<Record<Fault, RetryRule>>>> = {
  submit: {
    internal: byItself(5, 60, false, 6),
    unsent: byItself(5, 300, true),
    "no-answer": byPerson(true),
    "server-error": byPerson(true),
    garbled: byPerson(true),
    throttled: byItself(10, 300),
    "not-found": NEVER,
    refused: NEVER,
    unexplained: byPerson(false),
  },
  poll: {
    internal: byItself(3, 60),
    unsent: byItself(3, 60, true),
    "no-answer": byItself(3, 60, true),
    "server-error": byItself(3, 60, true),
    garbled: byItself(3, 60, true),
    throttled: byItself(5, 120),
    "not-found": byItself(3, 30),
    refused: byItself(15, 120),
    unexplained: byItself(3, 60),
  },
  download: {
    internal: byItself(5, 30),
    unsent: byItself(5, 300, false, 20),
    "no-answer": byItself(5, 300, false, 20),
    "server-error": byItself(5, 300, false, 20),
    garbled: byItself(5, 60, false, 2),
    throttled: byItself(5, 300, false, 20),
    "not-found": byItself(5, 60, false, 4),
    refused: NEVER,
    unexplained: NEVER,
  },
  balance: {
    internal: byItself(10, 60),
    unsent: byItself(10, 60, true),
    "no-answer": byItself(10, 60, true),
    "server-error": byItself(10, 60, true),
    garbled: byItself(10, 60, true),
    throttled: byItself(10, 120),
    "not-found": byItself(60, 60),
    refused: byItself(60, 60),
    unexplained: byItself(10, 60),
  },
};

/**
 * Seconds until the next try: "full jitter", uniform between 0 and the doubled, capped base
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), but never less than the provider asks
 * for. `tried` counts the tries so far, from 1.
 */
export function pauseSeconds(
  { base, cap }: Pick<RetryRule, "base" | "cap">,
  { tried, retryAfterSeconds = null }: { tried: number; retryAfterSeconds?: number | null },
  random: () => number = Math.random,
): number {
  const longest = Math.min(cap, base * 2 ** Math.max(0, tried - 1));
  return Math.max(retryAfterSeconds ?? 0, random() * longest);
}
