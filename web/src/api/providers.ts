import type { z } from "zod";
import type { ProviderId, ProviderList as ProviderListSchema } from "../../../server/contract/provider.ts";
import { API, request } from "./client.ts";

export type ProviderList = z.infer<typeof ProviderListSchema>;

export function listProviders(signal?: AbortSignal): Promise<ProviderList> {
  return request(`${API}/providers`, signal ? { signal } : {});
}

/** Ends the pause of a provider. */
export function resumeProvider(id: ProviderId): Promise<{ resumed: boolean }> {
  return request(`${API}/providers/${id}/resume`, { method: "POST" });
}
