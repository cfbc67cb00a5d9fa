import { MONITORED_SERVICES, type MonitoredService } from "../../../server/contract/monitor.ts";
import type { Logger } from "../../../server/logger.ts";
import type { HealthSample } from "../../../server/models/health-samples.ts";
import type { Records } from "../../../server/models/records.ts";
import { createMonitor } from "../../../server/services/monitor/monitor.ts";
import type { Notifier } from "../../../server/services/monitor/notify.ts";
import type { Look, Thresholds } from "../../../server/services/monitor/rules.ts";

export const THRESHOLDS: Thresholds = {
  responseMs: 1000,
  queueSeconds: 600,
  errorPercent: 5,
  diskPercent: 90,
  memoryPercent: 90,
  balanceRoubles: 100,
};

export type Seen = Partial<Record<MonitoredService, Partial<HealthSample>>>;

/** All is well but for what is given. */
export const lookWith = (seen: Seen = {}, at = new Date()): Look =>
  Object.fromEntries(
    MONITORED_SERVICES.map((service) => [
      service,
      { service, at, status: "healthy", responseMs: 1, message: "", figures: {}, ...seen[service] },
    ]),
  ) as Look;

const NOBODY: Notifier = { channels: [], tell: () => Promise.reject(new Error("Nobody is to be told")) };

interface Options {
  records: Records;
  notifier?: Notifier;
  name?: string;
  session?: () => number | null;
  /** Receives the lines of the log. */
  lines?: string[];
  /** How long it waits for the database; default: longer than a busy machine needs. */
  patienceMs?: number;
}

/** A real monitor that sees what the test says, at the time that the test says. */
export function scriptedMonitor(options: Options) {
  const { records, notifier = NOBODY, name = "test", session, lines = [], patienceMs = 60_000 } = options;
  let seen: Seen = {};
  let now = new Date();
  const note = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const monitor = createMonitor({
    records,
    logger: { error: note("error"), warn: note("warn") } as unknown as Logger,
    measure: async () => lookWith(seen, now),
    notifier,
    thresholds: THRESHOLDS,
    leaseSeconds: 600,
    retentionDays: 30,
    name,
    session,
    now: () => now,
    patienceMs,
  });
  return {
    ...monitor,
    /** So many looks a minute apart at this; whether the last one was this monitor's. */
    async sees(what: Seen, looks = 1): Promise<string> {
      seen = what;
      let outcome = "";
      for (let n = 0; n < looks; n++) {
        now = new Date(now.getTime() + 60_000);
        outcome = await monitor.look();
      }
      return outcome;
    },
    /** Sets its clock. */
    at(time: Date) {
      now = time;
    },
    now: () => now,
  };
}
