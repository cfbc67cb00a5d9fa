import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api-error.ts";

const RETRIES = 2;

/** Tries again only what may succeed when tried again. */
function shouldRetry(failures: number, error: Error): boolean {
  return failures < RETRIES && (!(error instanceof ApiError) || error.retryable);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: shouldRetry, staleTime: 10_000, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
