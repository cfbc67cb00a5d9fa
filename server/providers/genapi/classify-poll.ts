import type { PollOutcome } from "../provider.ts";
import type { Answer, Exchange } from "./client.ts";
import {
  costOf,
  errorTextOf,
  isObject,
  modelUrlOf,
  progressOf,
  soundsTemporary,
  statusOf,
} from "./extract.ts";
import { faultOf } from "./fault.ts";
import { isFailure, isRunning, isSuccess } from "./statuses.ts";

/** What a poll says, with the case that needs a memory: a status never seen. */
export type PollReading = PollOutcome | { kind: "unknown-status"; status: string; percent: number | null };

/**
 * Reads one poll. The request is paid for already, so everything that is not a word of the provider about this
 * request (404 too: not visible yet, or refused because the key was just changed) only means "ask again".
 */
export function readPoll(exchange: Exchange, resultHosts: readonly string[]): PollReading {
  if (exchange.kind !== "answer") {
    const message = `GenAPI could not be asked: ${exchange.reason}.`;
    return { kind: "unreachable", message, retryAfterSeconds: null, fault: faultOf(exchange)! };
  }
  const { status, json, retryAfterSeconds } = exchange;
  if (status < 200 || status >= 300 || !isObject(json)) {
    const fault = faultOf(exchange) ?? "garbled";
    return { kind: "unreachable", message: describe(exchange), retryAfterSeconds, fault };
  }
  return readState(json, retryAfterSeconds, resultHosts);
}

function readState(
  json: object,
  retryAfterSeconds: number | null,
  resultHosts: readonly string[],
): PollReading {
  const state = statusOf(json);
  const percent = progressOf(json);
  if (isSuccess(state)) {
    const url = modelUrlOf(json, resultHosts);
    if (!url) {
      const message = "GenAPI says that the model is finished, but does not say where it is.";
      return { kind: "result-missing", percent, message };
    }
    const result = { location: { kind: "url" as const, url }, costRoubles: costOf(json), report: {} };
    return { kind: "finished", result };
  }
  if (isFailure(state)) {
    const words = errorTextOf(json);
    return {
      kind: "failed",
      code: "provider-failed",
      message: words ?? "GenAPI gives no reason.",
      retryable: soundsTemporary(words),
      costRoubles: costOf(json),
    };
  }
  if (isRunning(state)) return { kind: "running", percent, retryAfterSeconds };
  return { kind: "unknown-status", status: (state ?? "(none)").slice(0, 40), percent };
}

function describe({ status, json }: Answer): string {
  if (status === 404) return "GenAPI does not show the request (yet).";
  if (status >= 200 && status < 300)
    return `GenAPI answered ${status} with something that is no JSON object.`;
  const words = errorTextOf(json);
  return `GenAPI answered ${status}${words ? `: ${words}` : "."}`;
}
