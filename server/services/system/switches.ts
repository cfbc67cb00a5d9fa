import { z } from "zod";
import { BackupFilename } from "../../contract/backup.ts";

/**
 * What administrators switch at run time, by key; each form has a default, which holds until somebody switches.
 * Kept in the database for all replicas, and through restarts.
 */
export const SWITCHES = {
  /** Writes answer 503 while it is on; administrators and health pass. `message` is shown to people. */
  maintenance: z
    .object({ enabled: z.boolean().default(false), message: z.string().nullable().default(null) })
    .prefault({}),
  /** A backup that is being restored, or is in place and waits for a decision; nothing is changed meanwhile. */
  restore: z
    .object({
      filename: BackupFilename,
      state: z.enum(["running", "restored"]),
      step: z.enum(["checking", "draining", "database", "files", "swapping"]).nullable().default(null),
      at: z.iso.datetime(),
      startedAt: z.iso.datetime().nullable().default(null),
    })
    .nullable()
    .default(null),
  /** Why the last restore came to nothing. */
  restoreFailure: z
    .object({
      filename: BackupFilename,
      at: z.iso.datetime(),
      code: z.string(),
      /** In English. */
      message: z.string(),
      messageRu: z.string().optional(),
    })
    .nullable()
    .default(null),
  /** Null: as LOG_LEVEL says. */
  logLevel: z.enum(["error", "warn", "info", "debug"]).nullable().default(null),
  /** Whether the connection monitor looks by itself. */
  monitor: z.object({ running: z.boolean().default(true) }).prefault({}),
  /** Whether backups are made by themselves, where the settings have a schedule. */
  backupSchedule: z.object({ running: z.boolean().default(true) }).prefault({}),
  /** Whether the daily clearing up runs by itself. */
  housekeeping: z.object({ running: z.boolean().default(true) }).prefault({}),
  /** Whether work of the queue is begun; what has begun goes on. */
  queue: z.object({ running: z.boolean().default(true) }).prefault({}),
} as const;

export type SwitchName = keyof typeof SWITCHES;
export type SwitchValue<N extends SwitchName> = z.output<(typeof SWITCHES)[N]>;
