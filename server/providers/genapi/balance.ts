import { AppError, type ErrorCode } from "../../errors.ts";
import type { GenapiClient } from "./client.ts";
import { isObject, toNumber } from "./extract.ts";

const FRESH_SECONDS = 60;
const FAILURE_FRESH_SECONDS = 10;
const TIMEOUT_SECONDS = 4;

const CODES: Record<number, ErrorCode> = {
  401: "provider-unauthorized",
  403: "provider-forbidden",
  419: "provider-busy",
  429: "provider-busy",
};

type Reading = number | null | AppError;

/**
 * Asks for the account's balance, roubles. An answer is kept for a minute at most (a failure for ten seconds), and
 * forgotten when money may have moved; callers at the same time share one request. `GET /user` answers personal data
 * too; nothing but the balance leaves this function. `read` throws an AppError `provider-…`.
 */
export function createBalanceReader(client: GenapiClient) {
  let last: { at: number; value: Reading } | null = null;
  let asking: Promise<Reading> | null = null;

  const request = async (): Promise<Reading> => {
    const signal = new AbortController().signal;
    const exchange = await client({ method: "GET", path: "/user", timeoutSeconds: TIMEOUT_SECONDS }, signal);
    if (exchange.kind !== "answer") return new AppError("provider-unreachable");
    if (exchange.status !== 200 || !isObject(exchange.json)) {
      return new AppError(CODES[exchange.status] ?? "provider-unreachable");
    }
    return toNumber(exchange.json.balance);
  };

  const ask = (): Promise<Reading> => {
    const at = performance.now();
    const answer = request()
      .then((value) => {
        // An answer that was asked for before money moved is told to who asked, and kept for nobody.
        if (asking === answer) last = { at, value };
        return value;
      })
      .finally(() => {
        if (asking === answer) asking = null;
      });
    return answer;
  };

  return {
    /** `maxAgeSeconds` shortens how old a kept answer may be. */
    async read(signal: AbortSignal, maxAgeSeconds = FRESH_SECONDS): Promise<number | null> {
      signal.throwIfAborted();
      const age = last ? (performance.now() - last.at) / 1000 : Infinity;
      const limit = last?.value instanceof AppError ? FAILURE_FRESH_SECONDS : FRESH_SECONDS;
      const isFresh = age < Math.min(limit, maxAgeSeconds);
      asking ??= isFresh ? null : ask();
      const value = asking ? await withAbort(asking, signal) : last!.value;
      if (value instanceof AppError) throw value;
      return value;
    },
    /** The next read asks anew: something was ordered, charged or refused. */
    forget() {
      last = null;
      asking = null;
    },
  };
}

/** The same promise, for someone who stops waiting when `signal` aborts. */
async function withAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
