import { getSettings } from "../hooks/settings.ts";
import { noAnswer, toApiError } from "./api-error.ts";
import { send } from "./send.ts";

export const API = "/api/v1";

interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON, or as multipart where it is a FormData. */
  body?: FormData | object;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** Headers of every request: the visitor's language, and the mark that the page itself asks. */
export function commonHeaders(): Record<string, string> {
  return { "Accept-Language": getSettings().language, "X-Requested-With": "photo-to-3d" };
}

/**
 * Asks the API and reads its JSON; `undefined` for an empty answer.
 * @throws ApiError for every answer that is not a success, and where none comes. An abort is rethrown as it is.
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { method = "GET", body, signal } = options;
  const headers: Record<string, string> = {
    Accept: "application/json",
    ...commonHeaders(),
    ...options.headers,
  };
  const isForm = body instanceof FormData;
  if (body && !isForm) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers };
  if (signal) init.signal = signal;
  if (body) init.body = isForm ? body : JSON.stringify(body);

  const response = await send(path, init).catch((error: unknown) => {
    throw signal?.aborted ? error : noAnswer();
  });
  const text = await response.text();
  if (!response.ok) throw toApiError(response.status, text, (name) => response.headers.get(name));
  return (text ? JSON.parse(text) : undefined) as T;
}

/** A query string of the values that are set. */
export function query(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const set = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  return set.length ? `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}` : "";
}
