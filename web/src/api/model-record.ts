import { queryOptions } from "@tanstack/react-query";
import type { Model } from "../../../server/contract/model.ts";
import { noAnswer, toApiError } from "./api-error.ts";
import { API, commonHeaders } from "./client.ts";
import type { ModelChange } from "./models.ts";
import { queryKeys } from "./query-keys.ts";
import { send } from "./send.ts";

/** A model with the version it was read at (ETag), so that a change can't overwrite someone else's. */
export interface ModelRecord {
  model: Model;
  etag: string | null;
}

async function exchange(path: string, init: RequestInit): Promise<ModelRecord> {
  const response = await send(path, init).catch((error: unknown) => {
    throw init.signal?.aborted ? error : noAnswer();
  });
  const text = await response.text();
  if (!response.ok) throw toApiError(response.status, text, (name) => response.headers.get(name));
  return { model: JSON.parse(text) as Model, etag: response.headers.get("ETag") };
}

/** @throws ApiError, `not-found` among others. */
export function getModelRecord(id: string, signal: AbortSignal): Promise<ModelRecord> {
  return exchange(`${API}/models/${id}`, {
    headers: { Accept: "application/json", ...commonHeaders() },
    signal,
  });
}

/** One model for all who show it. */
export const modelRecordQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.model(id), "record"],
    queryFn: ({ signal }) => getModelRecord(id, signal),
  });

/** Changes the model as it was at `etag`. @throws ApiError, `precondition-failed` where it has changed meanwhile. */
export function patchModelRecord(id: string, change: ModelChange, etag: string | null): Promise<ModelRecord> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Content-Type": "application/json",
    ...commonHeaders(),
    ...(etag && { "If-Match": etag }),
  };
  return exchange(`${API}/models/${id}`, { method: "PATCH", headers, body: JSON.stringify(change) });
}
