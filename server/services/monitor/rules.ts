import type { Alert, MonitoredService, ServiceState } from "../../contract/monitor.ts";
import type { HealthSample } from "../../models/health-samples.ts";
import type { OperationsConfig } from "../../operations-config.ts";

export type Thresholds = OperationsConfig["monitoring"]["thresholds"];
/** One look at all services. */
export type Look = Record<MonitoredService, HealthSample>;

/** When to raise an alert, and when to say that all is well again. */
export interface Rule {
  key: string;
  service: MonitoredService;
  severity: Alert["severity"];
  unit: Alert["unit"];
  /** Null: there is no bound, and nothing to raise. */
  threshold(thresholds: Thresholds): number | null;
  /** Null: this look could not tell. */
  read(seen: HealthSample): number | null;
  /** The bad side of the threshold. */
  isBadWhen: "above" | "below";
  /** It is well again only beyond this multiple of the threshold, so that a value that wavers about it is one alert. */
  clearFactor: number;
}

/** So many looks in a row open an alert, and so many close it. */
export const LOOKS = { toOpen: 2, toClose: 3 };

const SEVERITY: Record<ServiceState, number> = { off: 0, healthy: 0, degraded: 1, unhealthy: 2 };

const failing = (service: MonitoredService, severity: Alert["severity"]): Rule => ({
  key: `${service}.failing`,
  service,
  severity,
  unit: "state",
  threshold: () => 0,
  read: ({ status }) => SEVERITY[status],
  isBadWhen: "above",
  clearFactor: 1,
});

/** What fails or gave up waiting says nothing about how fast it is. */
const slow = (service: MonitoredService): Rule => ({
  key: `${service}.slow`,
  service,
  severity: "warning",
  unit: "ms",
  threshold: ({ responseMs }) => responseMs,
  read: ({ status, responseMs }) => (status === "unhealthy" ? null : responseMs),
  isBadWhen: "above",
  clearFactor: 0.8,
});

const figure = (
  key: string,
  [service, name]: [MonitoredService, string],
  rule: Pick<Rule, "severity" | "unit" | "threshold" | "clearFactor"> & Partial<Rule>,
): Rule => ({
  key,
  service,
  read: ({ figures }) => figures[name] ?? null,
  isBadWhen: "above",
  ...rule,
});

export const RULES: readonly Rule[] = [
  failing("database", "critical"),
  failing("storage", "critical"),
  failing("queue", "critical"),
  failing("provider", "warning"),
  failing("cache", "warning"),
  ...(["database", "storage", "queue", "provider", "cache"] as const).map(slow),
  figure("queue.age", ["queue", "oldestSeconds"], {
    severity: "warning",
    unit: "s",
    threshold: ({ queueSeconds }) => queueSeconds,
    clearFactor: 0.8,
  }),
  figure("provider.balance", ["provider", "balanceRoubles"], {
    severity: "warning",
    unit: "RUB",
    threshold: ({ balanceRoubles }) => balanceRoubles,
    isBadWhen: "below",
    clearFactor: 1.1,
  }),
  figure("host.disk", ["host", "diskPercent"], {
    severity: "critical",
    unit: "%",
    threshold: ({ diskPercent }) => diskPercent,
    clearFactor: 0.97,
  }),
  figure("host.memory", ["host", "memoryPercent"], {
    severity: "warning",
    unit: "%",
    threshold: ({ memoryPercent }) => memoryPercent,
    clearFactor: 0.95,
  }),
  figure("host.http-errors", ["host", "httpErrorPercent"], {
    severity: "critical",
    unit: "%",
    threshold: ({ errorPercent }) => errorPercent,
    clearFactor: 0.8,
  }),
  figure("host.generation-errors", ["host", "generationErrorPercent"], {
    severity: "warning",
    unit: "%",
    threshold: ({ errorPercent }) => errorPercent,
    clearFactor: 0.8,
  }),
];
