import { useQuery } from "@tanstack/react-query";
import { RUNNING_STATUSES, readNewestRunning } from "../api/generation-cache.ts";
import { listGenerations } from "../api/generations.ts";
import { queryKeys } from "../api/query-keys.ts";
import { usePollInterval } from "./use-generation-feed.ts";

/** Everything that is being made now, newest first. */
export function useRunningGenerations() {
  const refetchInterval = usePollInterval();
  return useQuery({
    queryKey: queryKeys.runningGenerations,
    queryFn: ({ client, signal }) =>
      readNewestRunning(client, () => listGenerations(RUNNING_STATUSES, signal)),
    refetchInterval,
  });
}
