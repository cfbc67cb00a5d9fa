import { openTarget } from "../../backup/open-target.ts";
import type { ManifestSigner } from "../../backup/signature.ts";
import type { LocalizedText } from "../../contract/common.ts";
import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import type { OperationsConfig } from "../../operations-config.ts";
import type { Storage } from "../../storage/storage.ts";
import { isFrozen } from "../system/frozen.ts";
import type { SystemState } from "../system/system-state.ts";
import { createBackups } from "./backups.ts";
import { createScheduler } from "./scheduler.ts";
import { readBackupStatus } from "./status.ts";

interface Parts {
  /** Of the database. */
  url: string;
  records: Records;
  storage: Storage;
  logger: Logger;
  switches: SystemState;
  signer: ManifestSigner;
  /** Of the product. */
  version: string;
  config: OperationsConfig["backup"];
  /** Whether this process is one of those that keep to the schedule. */
  keepsSchedule: boolean;
}

/** Backups on demand and by schedule. `dispose` ends what runs in this process; nothing half of it stays. */
export async function startBackups({ switches, config, keepsSchedule, ...parts }: Parts) {
  const { records, logger } = parts;
  const target = await openTarget(config.target);
  const stop = new AbortController();
  const running = new Set<Promise<unknown>>();
  const now = () => new Date();
  const backups = createBackups({ ...parts, target, config, now, running, stopping: stop.signal });
  const isScheduleRunning = () => switches.get("backupSchedule").running;
  const { schedule } = config;
  const stopSchedule =
    keepsSchedule &&
    schedule &&
    createScheduler({
      backups,
      records,
      logger,
      schedule,
      now,
      isRunning: () => isScheduleRunning() && !isFrozen(switches),
    }).start();
  return {
    ...backups,
    target,
    status: (locale: keyof LocalizedText) =>
      readBackupStatus({ records, config, targetName: target.name, isScheduleRunning, now }, locale),
    async dispose() {
      if (stopSchedule) stopSchedule();
      stop.abort(new Error("The server stops; make the backup again afterwards."));
      await Promise.all(running);
    },
  };
}

export type RunningBackups = Awaited<ReturnType<typeof startBackups>>;
