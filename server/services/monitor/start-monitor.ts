import os from "node:os";
import type { OpenCache } from "../../cache/open-cache.ts";
import type { Config } from "../../config.ts";
import type { Logger } from "../../logger.ts";
import { countPresent } from "../../models/presence.ts";
import type { Notices } from "../../queue/notices.ts";
import type { Storage } from "../../storage/storage.ts";
import { createMailer } from "../mail/mailer.ts";
import type { SystemState } from "../system/system-state.ts";
import { startMonitorLoop } from "./loop.ts";
import { createMeasure, type MeasureDeps } from "./measure.ts";
import { createMonitor, type Monitor } from "./monitor.ts";
import { createNotifier } from "./notify.ts";

interface Parts extends Pick<MeasureDeps, "records" | "queue" | "directory" | "readiness" | "reads"> {
  config: Config;
  logger: Logger;
  switches: SystemState;
  notices: Pick<Notices, "session">;
  storage: Pick<Storage, "freeBytes">;
  cache: Pick<OpenCache, "state" | "usage">;
  metrics: { requests: { totals: MeasureDeps["requestTotals"] } };
}

/** What takes longer than the bound has answered slowly; what takes much longer has not answered. */
const BEYOND_SLOW_MS = 2000;
const LONGEST_CHECK_MS = 60_000;
/** Beyond two looks: what a look itself and its notices may take. */
const LEASE_RESERVE_SECONDS = 60;

/** The connection monitor of the settings; its loop runs where they have an interval. */
export function startMonitor(parts: Parts, building: AsyncDisposableStack): Monitor {
  const { config, switches, notices, storage, cache, metrics, records, logger } = parts;
  const { intervalSeconds, thresholds, retentionDays, webhookUrl, email } = config.monitoring;
  const mailer =
    email && config.mail
      ? building.adopt(createMailer(config.mail, { logger }), (part) => part.dispose())
      : null;
  const now = () => new Date();
  const measure = createMeasure({
    ...parts,
    now,
    // A bucket has no bound; the disk of work in progress is the host's.
    freeBytes: async () => (config.store.kind === "s3" ? Number.POSITIVE_INFINITY : storage.freeBytes()),
    cacheState: cache.state,
    redisMemory: async () => (await cache.usage()).redis?.memory ?? null,
    requestTotals: metrics.requests.totals,
    ignoresErrors: () => switches.get("maintenance").enabled,
    folders: [config.uploads.folder, config.dataFolder],
    limitMs: Math.min(LONGEST_CHECK_MS, thresholds.responseMs + BEYOND_SLOW_MS),
    balanceAgeSeconds: (intervalSeconds ?? 0) / 2,
  });
  const monitor = createMonitor({
    records,
    logger,
    measure,
    notifier: createNotifier({ webhookUrl, email, mailer, publicUrl: config.publicUrl }),
    thresholds,
    leaseSeconds: 2 * (intervalSeconds ?? 0) + LEASE_RESERVE_SECONDS,
    retentionDays,
    name: `${os.hostname()} ${process.pid}`,
    now,
    session: notices.session,
    // Requests of people are seen by those that serve them.
    ...(config.role === "worker" && {
      isLeftToOthers: async () => (await countPresent(records)).serves > 0,
    }),
  });
  if (intervalSeconds !== null) {
    building.adopt(startMonitorLoop({ monitor, switches, intervalSeconds, logger }), (part) =>
      part.dispose(),
    );
  }
  return monitor;
}
