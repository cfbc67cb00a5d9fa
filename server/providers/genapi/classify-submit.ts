import { ERROR_TABLE } from "../../error-table.ts";
import type { ErrorCode } from "../../errors.ts";
import type { SubmitOutcome } from "../provider.ts";
import { type Fault, RETRY_TABLE } from "../retry-table.ts";
import type { Answer, Exchange } from "./client.ts";
import { costOf, errorTextOf, modelUrlOf, requestIdOf, statusOf } from "./extract.ts";
import { faultOf } from "./fault.ts";
import { isSuccess } from "./statuses.ts";

/** What a definite refusal is called, by its status. */
const REFUSALS: Record<number, ErrorCode> = {
  400: "provider-rejected",
  401: "provider-unauthorized",
  402: "provider-balance",
  403: "provider-forbidden",
  404: "unknown-network",
  413: "provider-rejected",
  415: "provider-rejected",
  422: "provider-rejected",
};

/**
 * What became of a create call, by the retry table. Only a proof or a definite refusal allows another try; a broken
 * connection, a server error and an answer that cannot be read may all hide an accepted, paid request.
 */
export function classifySubmit(exchange: Exchange, resultHosts: readonly string[]): SubmitOutcome {
  const fault = faultOf(exchange);
  if (fault === null) return classifyAccepted(exchange as Answer, resultHosts);
  const { again } = RETRY_TABLE.submit[fault];
  if (again === "by-person") return { kind: "unknown", message: describe(exchange), fault };
  if (exchange.kind !== "answer") {
    const message = `GenAPI could not be reached: ${exchange.reason}.`;
    return { kind: "unsent", code: "provider-unreachable", message, retryAfterSeconds: null, fault };
  }
  if (again === "never") return refusal(exchange, fault);
  const message = "GenAPI takes no more requests at the moment.";
  const { retryAfterSeconds } = exchange;
  return { kind: "back-off", code: "provider-busy", message, retryAfterSeconds, fault };
}

const describe = (exchange: Exchange) =>
  exchange.kind === "answer"
    ? `GenAPI answered ${exchange.status}.`
    : `GenAPI's answer is missing: ${exchange.reason}.`;

function classifyAccepted({ json }: Answer, resultHosts: readonly string[]): SubmitOutcome {
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
  const message = "GenAPI's answer to the create call has no request id.";
  return { kind: "unknown", message, fault: "unexplained" };
}

function refusal({ status, json }: Answer, fault: Fault): SubmitOutcome {
  // A 404 that is no JSON comes from a web server that knows no API: the address is wrong, not the network.
  const isWrongAddress = status === 404 && json === undefined;
  const code = (!isWrongAddress && REFUSALS[status]) || "provider-unreachable";
  const words = errorTextOf(json);
  const hint = code === "provider-unreachable" ? " Check GENAPI_BASE_URL." : "";
  return {
    kind: "refused",
    code,
    message: `GenAPI answered ${status}${words ? `: ${words}` : "."}${hint}`,
    retryable: code === "provider-unreachable" ? false : ERROR_TABLE[code].retryable,
    fault,
  };
}
