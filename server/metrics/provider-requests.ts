import { Counter, Histogram, type Registry } from "prom-client";
import type { ProviderId } from "../contract/provider.ts";

/** One request to a provider. */
export interface ProviderRequest {
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
    help: "Requests of this process to a provider, by what came of them.",
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
  return ({ provider, operation, result, seconds }: ProviderRequest): void => {
    requests.inc({ provider, operation, result });
    durations.observe({ provider, operation }, seconds);
  };
}
