import { readFile } from "node:fs/promises";
import type { Network, PollOutcome, Provider, SubmitInput, SubmitOutcome } from "../provider.ts";
import { createBalanceReader } from "./balance.ts";
import { normalizeBaseUrl } from "./base-url.ts";
import { type PollReading, readPoll } from "./classify-poll.ts";
import { classifySubmit } from "./classify-submit.ts";
import { createGenapiClient, type GenapiClient, KEYLESS_CLIENT } from "./client.ts";
import { faultOf } from "./fault.ts";
import { buildSubmitForm } from "./form.ts";
import { type ObserveExchange, observeClient } from "./observe-client.ts";

export interface GenapiOptions {
  /** Of the service; null where users bring their own. */
  apiKey: string | null;
  baseUrl: string;
  /** Hosts that results are fetched from; where an answer names several addresses, one of these is taken. */
  resultHosts: readonly string[];
  concurrency: number;
  logger?: { warn(message: string): void };
  /** Told of every exchange. */
  observe?: ObserveExchange;
  /** For one whole exchange; a create call, which carries the photo, gets three times as long. Default 30. */
  requestTimeoutSeconds?: number;
}

/** How many statuses are remembered at most. */
const MEMORY = 1000;

/** A check is waited for by work that waits. */
const CHECK_SECONDS = 8;

/** GenAPI (gen-api.ru): remote and paid. A create call is sent once; see `classifySubmit` for what its end means. */
export function createGenapiProvider(options: GenapiOptions): Provider {
  const { resultHosts, requestTimeoutSeconds = 30 } = options;
  const { baseUrl, warning } = normalizeBaseUrl(options.baseUrl);
  if (warning) options.logger?.warn(warning);
  const strangeStatuses = new Set<string>();

  function noteStatus(status: string) {
    if (strangeStatuses.has(status) || strangeStatuses.size >= MEMORY) return;
    strangeStatuses.add(status);
    options.logger?.warn(`GenAPI reports the status "${status}", which is not known; polling goes on.`);
  }

  const providerOf = (apiKey: string | null): Provider => {
    const sender = apiKey === null ? KEYLESS_CLIENT : createGenapiClient(baseUrl, apiKey.trim());
    const client = observeClient(sender, options.observe);
    const account = { client, resultHosts, requestTimeoutSeconds, noteStatus };
    return {
      id: "genapi",
      isOpen: apiKey !== null,
      concurrency: options.concurrency,
      isFree: false,
      ...createAccount(account),
      withKey: providerOf,
      // Every request closes its own connection, so nothing is held between calls.
      async dispose() {},
    };
  };
  return providerOf(options.apiKey);
}

interface AccountOptions {
  client: GenapiClient;
  resultHosts: readonly string[];
  requestTimeoutSeconds: number;
  /** Told of a status that is not known. */
  noteStatus(status: string): void;
}

/** What one account of GenAPI does. */
function createAccount({ client, resultHosts, requestTimeoutSeconds, noteStatus }: AccountOptions) {
  const balance = createBalanceReader(client);

  async function submit(input: SubmitInput, { signal }: { signal: AbortSignal }): Promise<SubmitOutcome> {
    const bytes = await readPhoto(input.photo.path, signal);
    if (!bytes) {
      const message = "The photo is not in the store any more.";
      return { kind: "refused", code: "file-missing", message, retryable: false };
    }
    const body = buildSubmitForm({
      photoField: input.network.photoField,
      photo: { bytes, mediaType: input.photo.mediaType },
      params: input.params,
      callbackUrl: input.callbackUrl,
    });
    const path = `/networks/${encodeURIComponent(input.network.id)}`;
    const timeoutSeconds = requestTimeoutSeconds * 3;
    const exchange = await client({ method: "POST", path, body, timeoutSeconds }, signal);
    balance.forget();
    return classifySubmit(exchange, resultHosts);
  }

  async function poll(remoteId: string, signal: AbortSignal): Promise<PollOutcome> {
    const path = `/request/get/${encodeURIComponent(remoteId)}`;
    const exchange = await client({ method: "GET", path, timeoutSeconds: requestTimeoutSeconds }, signal);
    const reading = readPoll(exchange, resultHosts);
    if (reading.kind === "finished" || reading.kind === "failed") balance.forget();
    return settle(remoteId, reading);
  }

  function settle(remoteId: string, reading: PollReading): PollOutcome {
    if (reading.kind === "unknown-status") {
      noteStatus(reading.status);
      return { kind: "running", percent: reading.percent, retryAfterSeconds: null };
    }
    if (reading.kind === "finished") reading.result.report.requestId = remoteId;
    return reading;
  }

  return {
    submit,
    poll: (remoteId: string, _network: Network, signal: AbortSignal) => poll(remoteId, signal),
    balance: (signal: AbortSignal, maxAgeSeconds?: number) => balance.read(signal, maxAgeSeconds),
    check: async (signal: AbortSignal) =>
      faultOf(await client({ method: "GET", path: "/user", timeoutSeconds: CHECK_SECONDS }, signal)),
  };
}

/** Null where there is no such file. */
async function readPhoto(path: string, signal: AbortSignal): Promise<Buffer | null> {
  try {
    return await readFile(path, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
