import path from "node:path";
import type { Settings } from "./settings.ts";
import { asPrefix, type BucketPlace, parseAccount } from "./store-config.ts";

/** What watches over the product and backs it up. */
export interface OperationsConfig {
  /** Where traces and errors are sent; null: nothing is, and the libraries for it are not loaded. */
  tracing: { endpoint: string } | null;
  sentryDsn: string | null;
  monitoring: {
    /** Between two looks at all parts; null: the monitor is off. */
    intervalSeconds: number | null;
    retentionDays: number;
    /** An alert is raised beyond these. */
    thresholds: {
      responseMs: number;
      queueSeconds: number;
      errorPercent: number;
      diskPercent: number;
      memoryPercent: number;
      /** Least roubles on the account of GenAPI; null is no bound. */
      balanceRoubles: number | null;
    };
    webhookUrl: string | null;
    email: string | null;
  };
  backup: {
    target: BackupTarget;
    /** Hours are of the day in UTC; weekday 0 is Monday. Null: only people and `npm run backup` make one. */
    schedule: { dailyHour: number; weeklyDay: number } | null;
    retentionDays: number;
    /** At which files are copied at most; null is no bound. */
    bytesPerSecond: number | null;
    /** Public key of age that everything is encrypted to; null: nothing is. */
    ageRecipient: string | null;
  };
}

/** A folder of this machine, or a bucket. */
export type BackupTarget = { kind: "folder"; folder: string } | ({ kind: "s3" } & BucketPlace);

/** @throws one sentence that names the setting and the cure. */
export function parseOperations(s: Settings, root: string): OperationsConfig {
  if (s.ALERT_EMAIL && !s.SMTP_URL) {
    throw new Error(
      "ALERT_EMAIL is set, but not SMTP_URL, through which letters are sent. Set both, or none.",
    );
  }
  return {
    tracing: s.OTEL_EXPORTER_OTLP_ENDPOINT ? { endpoint: s.OTEL_EXPORTER_OTLP_ENDPOINT } : null,
    sentryDsn: s.SENTRY_DSN ?? null,
    monitoring: {
      intervalSeconds: s.MONITORING_INTERVAL || null,
      retentionDays: s.MONITORING_RETENTION_DAYS,
      thresholds: {
        responseMs: s.ALERT_THRESHOLD_RESPONSE_TIME,
        queueSeconds: s.ALERT_THRESHOLD_QUEUE_SECONDS,
        errorPercent: s.ALERT_THRESHOLD_ERROR_PERCENT,
        diskPercent: s.ALERT_THRESHOLD_DISK_PERCENT,
        memoryPercent: s.ALERT_THRESHOLD_MEMORY_PERCENT,
        balanceRoubles: s.ALERT_THRESHOLD_BALANCE || null,
      },
      webhookUrl: s.ALERT_WEBHOOK_URL ?? null,
      email: s.ALERT_EMAIL ?? null,
    },
    backup: {
      target: parseTarget(s, root),
      schedule:
        s.BACKUP_SCHEDULE === "on"
          ? { dailyHour: s.BACKUP_SCHEDULE_DAILY_HOUR, weeklyDay: s.BACKUP_SCHEDULE_WEEKLY_DAY }
          : null,
      retentionDays: s.BACKUP_RETENTION_DAYS,
      bytesPerSecond: s.BACKUP_BYTES_PER_SECOND || null,
      ageRecipient: s.BACKUP_AGE_RECIPIENT ?? null,
    },
  };
}

function parseTarget(s: Settings, root: string): BackupTarget {
  if (!s.BACKUP_DIR) return { kind: "folder", folder: path.resolve(root, s.DATA_DIR, "backups") };
  if (!s.BACKUP_DIR.includes("://")) return { kind: "folder", folder: path.resolve(root, s.BACKUP_DIR) };
  const [, bucket, folder] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)\/?(.*)$/.exec(s.BACKUP_DIR) ?? [];
  if (!bucket) {
    throw new Error(
      `BACKUP_DIR must be a folder, or a bucket such as s3://my-backups/photo-to-3d, not "${s.BACKUP_DIR}".`,
    );
  }
  const s3 = parseAccount(s, "BACKUP_DIR is a bucket");
  return { kind: "s3", bucket, prefix: asPrefix(folder), s3 };
}
