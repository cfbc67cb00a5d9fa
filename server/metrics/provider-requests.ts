import { Counter, Histogram, type Registry } from "prom-client";
import type { ProviderId } from "../contract/provider.ts";
import { AppError } from "../errors.ts";

/** One request to a provider. */
interface ProviderRequest {
  provider: ProviderId;
  operation: "create" | "poll" | "balance" | "download";
  /** `ok`, or one word of a small closed list about what went wrong. */
  result: string;
  seconds: number;
}

/** Latency and results of what this process asks of providers. */
export function providerRequestMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: "photo_to_3d_provider_requests_total",
    help: "Requests of this process to a provider, by what came of them: ok, a fault, or aborted by ourselves.",
    labelNames: ["provider", "operation", "result"],
    registers,
  });
  const durations = new Histogram({
    name: "photo_to_3d_provider_request_duration_seconds",
    help: "Time of a whole request to a provider, failed ones included.",
    labelNames: ["provider", "operation"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers,
  });
  const observe = ({ provider, operation, result, seconds }: ProviderRequest): void => {
    requests.inc({ provider, operation, result });
    durations.observe({ provider, operation }, seconds);
  };
  return {
    observe,
    /** Counts and times the download of a result. */
    async observeDownload<T>(provider: ProviderId, download: () => Promise<T>): Promise<T> {
      const startedAt = performance.now();
      let result = "ok";
      try {
        return await download();
      } catch (error) {
        result = error instanceof AppError ? error.code : "aborted";
        throw error;
      } finally {
        const seconds = (performance.now() - startedAt) / 1000;
        observe({ provider, operation: "download", result, seconds });
      }
    },
  };
}
