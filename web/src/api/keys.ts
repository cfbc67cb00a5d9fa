import type { z } from "zod";
import type { ApiKeyPage, ApiKeyWithText, CreateApiKey } from "../../../server/contract/api-key.ts";
import type { ProviderKey, ProviderKeyList } from "../../../server/contract/provider-key.ts";
import { API, query, request } from "./client.ts";

const API_KEYS = `${API}/api-keys`;
const PROVIDER_KEYS = `${API}/provider-keys`;

export type NewApiKey = z.input<typeof CreateApiKey>;

export const listApiKeys = (
  cursor: string | null,
  signal?: AbortSignal,
): Promise<z.infer<typeof ApiKeyPage>> =>
  request(`${API_KEYS}${query({ limit: 50, cursor })}`, signal ? { signal } : {});

/** Its text is in the answer and nowhere else. */
export const createApiKey = (body: NewApiKey): Promise<ApiKeyWithText> =>
  request(API_KEYS, { method: "POST", body });

export const revokeApiKey = (id: string): Promise<void> => request(`${API_KEYS}/${id}`, { method: "DELETE" });

export const listProviderKeys = (signal?: AbortSignal): Promise<z.infer<typeof ProviderKeyList>> =>
  request(PROVIDER_KEYS, signal ? { signal } : {});

/** Kept once the provider has said that it knows the key. */
export const saveProviderKey = (provider: ProviderKey["provider"], key: string): Promise<ProviderKey> =>
  request(`${PROVIDER_KEYS}/${provider}`, { method: "PUT", body: { key } });

export const removeProviderKey = (provider: ProviderKey["provider"]): Promise<void> =>
  request(`${PROVIDER_KEYS}/${provider}`, { method: "DELETE" });
