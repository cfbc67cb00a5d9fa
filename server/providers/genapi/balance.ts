import { AppError, type ErrorCode } from "../../errors.ts";
import type { GenapiClient } from "./client.ts";
import { isObject, toNumber } from "./extract.ts";

const FRESH_MS = 60_000;
const FAILURE_FRESH_MS = 10_000;
/** Shorter than callers wait, so that a failure is remembered. */
const TIMEOUT_SECONDS = 4;

const CODES: Record<number, ErrorCode> = {
  401: "provider-unauthorized",
  403: "provider-forbidden",
  419: "provider-busy",
  429: "provider-busy",
};

/**
 * Asks for the account's balance, roubles, at most once a minute (after a failure: ten seconds). `GET /user`
 * answers personal data too; nothing but the balance leaves this function. Throws an AppError `provider-…`.
 */
export function createBalanceReader(client: GenapiClient) {
  let last: { at: number; value: number | null | AppError } | null = null;

  const ask = async (signal: AbortSignal): Promise<number | null | AppError> => {
    const exchange = await client({ method: "GET", path: "/user", timeoutSeconds: TIMEOUT_SECONDS }, signal);
    if (exchange.kind !== "answer") return new AppError("provider-unreachable");
    if (exchange.status !== 200 || !isObject(exchange.json)) {
      return new AppError(CODES[exchange.status] ?? "provider-unreachable");
    }
    return toNumber(exchange.json.balance);
  };

  return async (signal: AbortSignal): Promise<number | null> => {
    const isFresh =
      last && Date.now() - last.at < (last.value instanceof AppError ? FAILURE_FRESH_MS : FRESH_MS);
    if (!last || !isFresh) last = { value: await ask(signal), at: Date.now() };
    if (last.value instanceof AppError) throw last.value;
    return last.value;
  };
}
