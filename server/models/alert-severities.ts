import type { Alert } from "../contract/monitor.ts";

/** Every alert that this version raises, by its key, and how bad that is. */
export const ALERT_SEVERITIES = {
  "database.failing": "critical",
  "storage.failing": "critical",
  "queue.failing": "critical",
  "provider.failing": "warning",
  "cache.failing": "warning",
  "database.slow": "warning",
  "storage.slow": "warning",
  "queue.slow": "warning",
  "provider.slow": "warning",
  "cache.slow": "warning",
  "queue.age": "warning",
  "provider.balance": "warning",
  "host.disk": "critical",
  "host.memory": "warning",
  "host.http-errors": "critical",
  "host.generation-errors": "warning",
} as const satisfies Record<string, Alert["severity"]>;

export type AlertKey = keyof typeof ALERT_SEVERITIES;
