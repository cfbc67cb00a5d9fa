import http from "node:http";
import https from "node:https";
import axios, { type AxiosResponse } from "axios";
import { parseRetryAfter } from "./retry-after.ts";

/** An answer of any status; `json` is undefined where the body is no JSON. */
export interface Answer {
  kind: "answer";
  status: number;
  json: unknown;
  retryAfterSeconds: number | null;
}

/** No answer. `unsent` is a proof that no byte of the request left; `broken` leaves that open. */
export type Failure = { kind: "unsent"; reason: string } | { kind: "broken"; reason: string };

export type Exchange = Answer | Failure;

interface ClientRequest {
  method: "GET" | "POST";
  path: string;
  body?: { bytes: Buffer; headers: Record<string, string> };
  timeoutSeconds: number;
}

export type GenapiClient = (request: ClientRequest, signal: AbortSignal) => Promise<Exchange>;

const MAX_ANSWER_BYTES = 5 * 1024 ** 2;

/** For a server without a key: nothing is sent. */
export const KEYLESS_CLIENT: GenapiClient = async () => ({ kind: "unsent", reason: "there is no key" });

/**
 * One request, one exchange: no redirects, no retries, a time limit for the whole of it. Throws only the reason of
 * `signal`. What it returns is made of plain words, so neither the key nor the request can leak through it.
 */
export function createGenapiClient(baseUrl: string, apiKey: string): GenapiClient {
  return async ({ method, path, body, timeoutSeconds }, signal) => {
    signal.throwIfAborted();
    const tracker = trackConnection(baseUrl.startsWith("https:"));
    const timeout = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
    try {
      const response = await axios.request<string>({
        method,
        url: `${baseUrl}${path}`,
        headers: { ...body?.headers, Accept: "application/json", Authorization: `Bearer ${apiKey}` },
        data: body?.bytes,
        signal: AbortSignal.any([signal, timeout]),
        httpAgent: tracker.agent,
        httpsAgent: tracker.agent,
        proxy: baseUrl.startsWith("http:") ? false : undefined,
        maxRedirects: 0,
        maxBodyLength: Infinity,
        maxContentLength: MAX_ANSWER_BYTES,
        responseType: "text",
        transformResponse: (text) => text,
        validateStatus: () => true,
      });
      return toAnswer(response, apiKey);
    } catch (error) {
      signal.throwIfAborted();
      const reason = timeout.aborted ? `no answer within ${timeoutSeconds} s` : reasonOf(error);
      return { kind: tracker.wasNeverConnected() ? "unsent" : "broken", reason };
    } finally {
      tracker.agent.destroy();
    }
  };
}

/**
 * An agent for one request that knows whether its connection (with TLS: its handshake) was ever finished. Before
 * that Node holds the request back, so nothing of it can have left. Without a connection of this agent (a proxy
 * from the environment took over) nothing is proven.
 */
function trackConnection(secure: boolean) {
  const agent = secure ? new https.Agent() : new http.Agent();
  const connect = agent.createConnection.bind(agent);
  let state: "idle" | "connecting" | "connected" = "idle";
  agent.createConnection = (options, callback) => {
    state = "connecting";
    const socket = connect(options, callback);
    socket?.once(secure ? "secureConnect" : "connect", () => {
      state = "connected";
    });
    return socket;
  };
  return { agent, wasNeverConnected: () => state === "connecting" };
}

function toAnswer(response: AxiosResponse<string>, apiKey: string): Answer {
  return {
    kind: "answer",
    status: response.status,
    json: parseJson(response.data.replaceAll(apiKey, "***")),
    retryAfterSeconds: parseRetryAfter(response.headers["retry-after"], response.headers.date),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Only the code: messages of libraries may quote headers. */
function reasonOf(error: unknown): string {
  const code = axios.isAxiosError(error) ? error.code : undefined;
  return code ? `connection failed (${code})` : "connection failed";
}
