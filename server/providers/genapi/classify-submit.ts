import { ERROR_TABLE } from "../../error-table.ts";
import type { ErrorCode } from "../../errors.ts";
import type { SubmitOutcome } from "../provider.ts";
import type { Answer, Exchange } from "./client.ts";
import { costOf, errorTextOf, modelUrlOf, requestIdOf, statusOf } from "./extract.ts";
import { isSuccess } from "./statuses.ts";

/** Answers that say for certain that nothing was started. A status that is not here proves nothing. */
const REFUSALS: Record<number, ErrorCode> = {
  301: "provider-unreachable",
  307: "provider-unreachable",
  308: "provider-unreachable",
  400: "provider-rejected",
  401: "provider-unauthorized",
  402: "provider-balance",
  403: "provider-forbidden",
  404: "unknown-network",
  405: "provider-unreachable",
  413: "provider-rejected",
  415: "provider-rejected",
  422: "provider-rejected",
};

/**
 * What became of a create call. Only a proof or a definite refusal allows another try; a broken connection, a
 * server error and an answer that cannot be read may all hide an accepted, paid request.
 */
export function classifySubmit(exchange: Exchange, resultHosts: readonly string[]): SubmitOutcome {
  if (exchange.kind === "unsent") {
    const message = `GenAPI could not be reached: ${exchange.reason}.`;
    return { kind: "unsent", code: "provider-unreachable", message, retryAfterSeconds: null };
  }
  if (exchange.kind === "broken") {
    return { kind: "unknown", message: `GenAPI's answer is missing: ${exchange.reason}.` };
  }
  const { status, json, retryAfterSeconds } = exchange;
  if (status === 419 || status === 429) {
    const message = "GenAPI takes no more requests at the moment.";
    return { kind: "back-off", code: "provider-busy", message, retryAfterSeconds };
  }
  if (status >= 200 && status < 300) return classifyAccepted(json, resultHosts);
  const code = REFUSALS[status];
  if (!code) return { kind: "unknown", message: `GenAPI answered ${status}.` };
  return refusal(code, exchange);
}

function classifyAccepted(json: unknown, resultHosts: readonly string[]): SubmitOutcome {
  const remoteId = requestIdOf(json);
  const url = isSuccess(statusOf(json)) ? modelUrlOf(json, resultHosts) : null;
  if (url) {
    const result = {
      location: { kind: "url" as const, url },
      costRoubles: costOf(json),
      report: { requestId: remoteId },
    };
    return { kind: "finished", remoteId, result };
  }
  if (remoteId) return { kind: "accepted", remoteId };
  return { kind: "unknown", message: "GenAPI's answer to the create call has no request id." };
}

function refusal(code: ErrorCode, { status, json }: Answer): SubmitOutcome {
  // A 404 that is no JSON comes from a web server that knows no API: the address is wrong, not the network.
  const actual = status === 404 && json === undefined ? "provider-unreachable" : code;
  const words = errorTextOf(json);
  const hint = actual === "provider-unreachable" ? " Check GENAPI_BASE_URL." : "";
  return {
    kind: "refused",
    code: actual,
    message: `GenAPI answered ${status}${words ? `: ${words}` : "."}${hint}`,
    retryable: actual === "provider-unreachable" ? false : ERROR_TABLE[actual].retryable,
  };
}
