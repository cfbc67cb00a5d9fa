import {
  type HealthHistory,
  MAX_HISTORY_POINTS,
  MONITORED_SERVICES,
  type MonitoredService,
  SERVICE_STATES,
  type SystemHealth,
} from "../../contract/monitor.ts";
import { latestSamples, readHistory } from "../../models/health-samples.ts";
import { readLease } from "../../models/monitor-lease.ts";
import type { Records } from "../../models/records.ts";
import { openAlerts } from "./alert-log.ts";

/** Widths of a point in a chart, seconds; beyond them whole days. */
const BUCKETS = [30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
const DAY_SECONDS = 86_400;

/** Seconds that a point must stand for, so that a time has few enough of them and none between two looks is empty. */
export function bucketSecondsOf(hours: number, intervalSeconds: number | null): number {
  const least = Math.max(intervalSeconds ?? 0, (hours * 3600) / MAX_HISTORY_POINTS);
  return BUCKETS.find((seconds) => seconds >= least) ?? Math.ceil(least / DAY_SECONDS) * DAY_SECONDS;
}

export async function healthHistory(
  records: Records,
  request: { service: MonitoredService; hours: number; intervalSeconds: number | null; now: Date },
): Promise<HealthHistory> {
  const { service, hours, intervalSeconds, now } = request;
  const bucketSeconds = bucketSecondsOf(hours, intervalSeconds);
  const step = bucketSeconds * 1000;
  const from = new Date(Math.ceil((now.getTime() - hours * 3_600_000) / step) * step);
  // The look of this very millisecond belongs to it.
  const to = new Date(now.getTime() + 1);
  const points = await readHistory(records, { service, from, to, bucketSeconds });
  return {
    service,
    from: from.toISOString(),
    to: now.toISOString(),
    bucketSeconds,
    points: points.map(({ at, ...point }) => ({ at: at.toISOString(), ...point })),
  };
}

/** The last look at everything, and who looks. */
export async function healthNow(records: Records) {
  const [lease, services, alerts] = await Promise.all([
    readLease(records),
    latestSamples(records, MONITORED_SERVICES),
    openAlerts(records),
  ]);
  const worst = Math.max(...services.map(({ status }) => SERVICE_STATES.indexOf(status)), -1);
  const status: SystemHealth["status"] =
    worst < 0 ? "unknown" : worst < 2 ? "healthy" : (SERVICE_STATES[worst] as "degraded" | "unhealthy");
  return { lease, services, alerts, status };
}
