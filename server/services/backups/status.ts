import type { BackupStatus } from "../../contract/backup.ts";
import type { LocalizedText } from "../../contract/common.ts";
import type { Records } from "../../models/records.ts";
import type { OperationsConfig } from "../../operations-config.ts";
import { nextDue } from "./due.ts";
import { currentRun, lastBegun, presentRun, readHistory } from "./runs.ts";

interface StatusDeps {
  records: Records;
  config: OperationsConfig["backup"];
  /** Where backups are kept, for people. */
  targetName: string;
  isScheduleRunning(): boolean;
  now(): Date;
}

/** What runs, what came of the last run, what comes next; without looking at the place where backups are kept. */
export async function readBackupStatus(deps: StatusDeps, locale: keyof LocalizedText): Promise<BackupStatus> {
  const { records, config, now } = deps;
  const [current, history, begun] = await Promise.all([
    currentRun(records),
    readHistory(records),
    lastBegun(records),
  ]);
  const { schedule } = config;
  const next = schedule && deps.isScheduleRunning() ? nextDue(now(), begun, schedule) : null;
  // What is overdue is made as soon as the scheduler comes to it.
  const nextAt = next && new Date(Math.max(next.at.getTime(), now().getTime()));
  return {
    current: current && presentRun(current, locale),
    last: history.last && presentRun(history.last, locale),
    lastSuccessAt: history.lastSuccessAt?.toISOString() ?? null,
    lastVerifiedAt: history.lastVerifiedAt?.toISOString() ?? null,
    schedule: {
      state: schedule === null ? "off" : next ? "running" : "stopped",
      dailyHour: schedule?.dailyHour ?? null,
      weeklyDay: schedule?.weeklyDay ?? null,
      next: next && nextAt && { kind: next.kind, at: nextAt.toISOString() },
    },
    retentionDays: config.retentionDays,
    target: deps.targetName,
    encrypted: config.ageRecipient !== null,
    bytesPerSecond: config.bytesPerSecond,
  };
}
