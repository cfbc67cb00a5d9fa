import type { z } from "zod";
import type { ProviderList as ProviderListSchema } from "../../../server/contract/provider.ts";
import { API, request } from "./client.ts";

export type ProviderList = z.infer<typeof ProviderListSchema>;

export function listProviders(signal?: AbortSignal): Promise<ProviderList> {
  return request(`${API}/providers`, signal ? { signal } : {});
}
