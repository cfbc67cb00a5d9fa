import type { ProcessName } from "../../../server/contract/system.ts";

/** What the server does by itself and administrators switch; the page of operations and the audit log name it. */
export const processNamesEn = {
  monitor: "Check of the services",
  backupSchedule: "Backups by schedule",
  housekeeping: "Clearing up",
  queue: "Queue",
} as const satisfies Record<ProcessName, string>;
