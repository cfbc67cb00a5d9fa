import { QueryClient } from "@tanstack/react-query";
import { ApiError, TOO_MANY } from "./api-error.ts";

const RETRIES = 2;

/** Tries again only what may succeed when tried again in a moment. */
function shouldRetry(failures: number, error: Error): boolean {
  if (failures >= RETRIES) return false;
  return !(error instanceof ApiError) || (error.retryable && error.status !== TOO_MANY);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // "always" alone would also mean that nothing is asked again when the connection is back.
      queries: { retry: shouldRetry, staleTime: 10_000, networkMode: "always", refetchOnReconnect: true },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
