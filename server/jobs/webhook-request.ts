import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { AttemptError } from "../contract/webhook.ts";
import { AppError } from "../errors.ts";
import { parseRetryAfter } from "../providers/genapi/retry-after.ts";
import { checkWebhookTarget, type WebhookTargetRules } from "../services/webhook-target.ts";

/** Of an answer only this much is read, bytes. */
const ANSWER_BYTES = 1024;

export interface WebhookRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** Aborts with the process; then the call rejects. */
  signal: AbortSignal;
}

export interface WebhookOutcome {
  durationMs: number;
  /** What the receiver answered, or null with an `error`. */
  status: number | null;
  error: AttemptError | null;
  answer: string | null;
  retryAfterSeconds: number | null;
}

/**
 * One POST to an address that a user chose: checked as at its registration, and again at connect. No redirect is
 * followed, no connection is kept, and of the answer one kilobyte is read. Rejects only when `signal` aborts.
 */
export async function postWebhook(
  { url, headers, body, timeoutMs, signal }: WebhookRequest,
  rules: WebhookTargetRules,
): Promise<WebhookOutcome> {
  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = (result: Partial<WebhookOutcome>): WebhookOutcome => ({
    status: null,
    error: null,
    answer: null,
    retryAfterSeconds: null,
    ...result,
    durationMs: Math.round(performance.now() - startedAt),
  });
  try {
    const target = checkWebhookTarget(url, rules);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const transport = target.url.protocol === "https:" ? https : http;
      transport
        .request(target.url, {
          method: "POST",
          agent: false,
          lookup: target.lookup,
          headers: { ...headers, "Content-Length": Buffer.byteLength(body), "Accept-Encoding": "identity" },
          signal: AbortSignal.any([signal, deadline]),
        })
        .once("response", resolve)
        .on("error", reject)
        .end(body);
    });
    const answer = await readBeginning(response);
    signal.throwIfAborted();
    return ended({
      status: response.statusCode ?? 0,
      answer,
      retryAfterSeconds: parseRetryAfter(response.headers["retry-after"], response.headers.date),
    });
  } catch (error) {
    signal.throwIfAborted();
    return ended({ error: deadline.aborted ? "timeout" : errorOf(error) });
  }
}

/** What came of the body until it was enough, ended, or broke off: the status alone decides. */
async function readBeginning(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= ANSWER_BYTES) break;
    }
  } catch {
    // The rest is missing; what is there may still help.
  }
  response.destroy();
  const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, ANSWER_BYTES));
  return text.replace(/[^\P{Cc}\n\r\t]/gu, "\uFFFD") || null;
}

const ERRORS: Record<string, AttemptError> = {
  ENOTFOUND: "name-not-found",
  EAI_AGAIN: "name-not-found",
  EADDRNOTALLOWED: "address-not-allowed",
  ECONNREFUSED: "connection-refused",
  ETIMEDOUT: "timeout",
  EPROTO: "tls-failed",
};

function errorOf(error: unknown): AttemptError {
  if (error instanceof AppError) return "address-not-allowed";
  const { code = "", errors } = error as { code?: string; errors?: unknown[] };
  if (code === "" && errors?.length) return errorOf(errors[0]);
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return "tls-failed";
  return ERRORS[code] ?? "connection-broken";
}
