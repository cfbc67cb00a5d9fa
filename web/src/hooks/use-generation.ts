import { useQuery } from "@tanstack/react-query";
import type { Generation } from "../../../server/contract/generation.ts";
import { isRunning, readNewest } from "../api/generation-cache.ts";
import { getGeneration } from "../api/generations.ts";
import { queryKeys } from "../api/query-keys.ts";
import { usePollInterval } from "./use-generation-feed.ts";

/** One generation, asked for again while it runs. */
export function useGeneration(id: string) {
  const interval = usePollInterval();
  return useQuery<Generation>({
    queryKey: queryKeys.generation(id),
    queryFn: ({ client, signal }) => readNewest(client, () => getGeneration(id, signal)),
    refetchInterval: ({ state }) => (state.data && !isRunning(state.data) ? false : interval),
  });
}
