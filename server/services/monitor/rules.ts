import type { Alert, MonitoredService, ServiceState } from "../../contract/monitor.ts";
import { ALERT_SEVERITIES, type AlertKey } from "../../models/alert-severities.ts";
import type { HealthSample } from "../../models/health-samples.ts";
import type { OperationsConfig } from "../../operations-config.ts";

export type Thresholds = OperationsConfig["monitoring"]["thresholds"];
/** One look at all services. */
export type Look = Record<MonitoredService, HealthSample>;

/** When to raise an alert, and when to say that all is well again. */
export interface Rule {
  key: AlertKey;
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

type ConnectedService = Exclude<MonitoredService, "host">;

const failing = (service: ConnectedService): Rule => ({
  key: `${service}.failing`,
  service,
  severity: ALERT_SEVERITIES[`${service}.failing`],
  unit: "state",
  threshold: () => 0,
  read: ({ status }) => SEVERITY[status],
  isBadWhen: "above",
  clearFactor: 1,
});

/** What fails or gave up waiting says nothing about how fast it is. */
const slow = (service: ConnectedService): Rule => ({
  key: `${service}.slow`,
  service,
  severity: ALERT_SEVERITIES[`${service}.slow`],
  unit: "ms",
  threshold: ({ responseMs }) => responseMs,
  read: ({ status, responseMs }) => (status === "unhealthy" ? null : responseMs),
  isBadWhen: "above",
  clearFactor: 0.8,
});

const figure = (
  key: AlertKey,
  [service, name]: [MonitoredService, string],
  rule: Pick<Rule, "unit" | "threshold" | "clearFactor"> & Partial<Rule>,
): Rule => ({
  key,
  service,
  severity: ALERT_SEVERITIES[key],
  read: ({ figures }) => figures[name] ?? null,
  isBadWhen: "above",
  ...rule,
});

const CONNECTED = ["database", "storage", "queue", "provider", "cache"] as const;

export const RULES: readonly Rule[] = [
  ...CONNECTED.map(failing),
  ...CONNECTED.map(slow),
  figure("queue.age", ["queue", "oldestSeconds"], {
    unit: "s",
    threshold: ({ queueSeconds }) => queueSeconds,
    clearFactor: 0.8,
  }),
  figure("provider.balance", ["provider", "balanceRoubles"], {
    unit: "RUB",
    threshold: ({ balanceRoubles }) => balanceRoubles,
    isBadWhen: "below",
    clearFactor: 1.1,
  }),
  figure("host.disk", ["host", "diskPercent"], {
    unit: "%",
    threshold: ({ diskPercent }) => diskPercent,
    clearFactor: 0.97,
  }),
  figure("host.memory", ["host", "memoryPercent"], {
    unit: "%",
    threshold: ({ memoryPercent }) => memoryPercent,
    clearFactor: 0.95,
  }),
  figure("host.http-errors", ["host", "httpErrorPercent"], {
    unit: "%",
    threshold: ({ errorPercent }) => errorPercent,
    clearFactor: 0.8,
  }),
  figure("host.generation-errors", ["host", "generationErrorPercent"], {
    unit: "%",
    threshold: ({ errorPercent }) => errorPercent,
    clearFactor: 0.8,
  }),
];
