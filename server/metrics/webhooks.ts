import { Counter, Histogram, type Registry } from "prom-client";

/** One request to a receiver of webhooks. */
export interface ObservedWebhook {
  /** Of the answer; null where there was none. */
  status: number | null;
  /** Why there was none, a word of the contract's list. */
  error: string | null;
  durationMs: number;
  /** What that means for the delivery. */
  state: "succeeded" | "failed" | "retry";
}

/** What this process sends to the receivers of webhooks. */
export function webhookMetrics(registry: Registry) {
  const registers = [registry];
  const attempts = new Counter({
    name: "photo_to_3d_webhook_attempts_total",
    help: "Requests of this process to receivers of webhooks, by the class of the answer or why there was none.",
    labelNames: ["result"],
    registers,
  });
  const ended = new Counter({
    name: "photo_to_3d_webhook_deliveries_total",
    help: "Webhook deliveries that this process ended: succeeded, or failed after the last repeat.",
    labelNames: ["outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "photo_to_3d_webhook_attempt_duration_seconds",
    help: "Time of a request to a receiver of webhooks.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers,
  });
  for (const result of ["2xx", "4xx", "5xx"]) attempts.inc({ result }, 0);
  for (const outcome of ["succeeded", "failed"]) ended.inc({ outcome }, 0);
  return ({ status, error, durationMs, state }: ObservedWebhook): void => {
    attempts.inc({ result: status === null ? (error ?? "other") : `${Math.floor(status / 100)}xx` });
    if (state !== "retry") ended.inc({ outcome: state });
    durations.observe(durationMs / 1000);
  };
}
