import type { Fault } from "../retry-table.ts";
import type { Exchange } from "./client.ts";

/** Answers that say for certain that nothing was started. A status that is not here proves nothing. */
const REFUSALS: ReadonlySet<number> = new Set([301, 307, 308, 400, 401, 402, 403, 405, 413, 415, 422]);

/** What went wrong in an exchange, as the retry table knows it; null where GenAPI did what it was asked. */
export function faultOf(exchange: Exchange): Fault | null {
  if (exchange.kind === "unsent") return "unsent";
  if (exchange.kind === "broken") return "no-answer";
  const { status, json } = exchange;
  if (status >= 200 && status < 300) return json === undefined ? "garbled" : null;
  if (status === 419 || status === 429) return "throttled";
  if (status === 404) return "not-found";
  if (REFUSALS.has(status)) return "refused";
  return status >= 500 ? "server-error" : "unexplained";
}
