import { z } from "zod";
import { Id, Time } from "./common.ts";

const Count = z.number().int().nonnegative();

export const BACKUP_KINDS = ["manual", "daily", "weekly"] as const;
export const BackupKind = z.enum(BACKUP_KINDS).meta({ id: "BackupKind" });
export type BackupKind = z.infer<typeof BackupKind>;

/** The name of a backup in the list and in addresses; never a path. */
export const BackupFilename = z
  .string()
  .regex(
    /^\d{4}-[01]\d-[0-3]\dT[0-2]\d-[0-5]\d-[0-5]\dZ-(?:manual|daily|weekly)$/,
    "This is not the name of a backup.",
  )
  .meta({ id: "BackupFilename", description: "Such as 2026-11-22T02-00-00Z-daily" });

/** What came of restoring a backup aside and comparing it. */
export const BackupVerdict = z
  .object({
    at: Time,
    ok: z.boolean(),
    seconds: z.number().nonnegative(),
    scope: z
      .enum(["restored", "checksums"])
      .describe(
        "restored: the kept backup was restored into a scratch database and folder and compared; checksums: it can't " +
          "be read here because it is encrypted, so its kept parts were compared with their checksums",
      ),
    restoredAt: Time.nullable().describe("When it was last restored and found equal; null: never"),
    tables: Count.describe("compared, with the number of their rows and a checksum of their contents"),
    rows: Count,
    files: Count.describe("restored and compared by checksum; of large files a sample"),
    details: z.array(z.string()).describe("What was found to be wrong, in the language of the request"),
  })
  .meta({ id: "BackupVerdict" });
export type BackupVerdict = z.infer<typeof BackupVerdict>;

export const Backup = z
  .object({
    filename: BackupFilename,
    kind: BackupKind,
    createdAt: Time,
    version: z.string().describe("of the product that made it"),
    databaseBytes: Count.describe("of the compressed dump"),
    fileBytes: Count.describe("of all files it names; equal files are kept once for all backups"),
    files: Count,
    tables: Count,
    rows: Count,
    seconds: z.number().nonnegative().describe("How long making it took"),
    encrypted: z.boolean(),
    isForeign: z
      .boolean()
      .describe(
        "Not signed by this installation: of another one, from before it signed, or its secrets are others",
      ),
    verdict: BackupVerdict.nullable().describe("null: not verified yet"),
    isLastVerified: z
      .boolean()
      .describe("The newest one that was found whole; it is never deleted by its age"),
  })
  .meta({ id: "Backup" });
export type Backup = z.infer<typeof Backup>;

export const BackupList = z.object({ items: z.array(Backup).describe("Newest first") }).meta({
  id: "BackupList",
});
export type BackupList = z.infer<typeof BackupList>;

export const BackupRun = z
  .object({
    id: Id,
    task: z.enum(["create", "verify"]),
    kind: BackupKind.nullable().describe("null while nothing is made"),
    filename: BackupFilename.nullable().describe("null until there is one"),
    state: z.enum(["running", "succeeded", "failed", "canceled"]),
    step: z
      .enum(["preparing", "database", "files", "verifying", "cleaning"])
      .describe("What it does, or did last"),
    filesDone: Count,
    filesTotal: Count.nullable().describe("null while it is not known"),
    bytesDone: Count,
    bytesTotal: Count.nullable(),
    startedAt: Time,
    finishedAt: Time.nullable(),
    error: z
      .string()
      .nullable()
      .describe(
        "Why it failed, or why the backup that was made is not verified; in the language of the request",
      ),
    errorCode: z.string().nullable().describe("The same as a code of the error table"),
  })
  .meta({ id: "BackupRun" });
export type BackupRun = z.infer<typeof BackupRun>;

export const BackupStatus = z
  .object({
    current: BackupRun.nullable().describe("What runs now, on whichever replica"),
    last: BackupRun.nullable().describe("What ended last"),
    lastSuccessAt: Time.nullable(),
    lastVerifiedAt: Time.nullable().describe("When a backup was last found whole"),
    schedule: z.object({
      state: z
        .enum(["running", "stopped", "off"])
        .describe(
          "stopped: by an administrator; off: by the setting BACKUP_SCHEDULE, and no switch changes that",
        ),
      dailyHour: Count.nullable().describe("UTC"),
      weeklyDay: Count.nullable().describe("0 is Monday; one hour after the daily one"),
      next: z.object({ kind: BackupKind, at: Time.describe("Not before now") }).nullable(),
    }),
    retentionDays: Count,
    target: z.string().describe("Folder or bucket, for people"),
    encrypted: z.boolean(),
    bytesPerSecond: Count.nullable().describe("At which files are copied at most; null is no bound"),
  })
  .meta({ id: "BackupStatus" });
export type BackupStatus = z.infer<typeof BackupStatus>;

export const CreateBackup = z
  .strictObject({
    kind: BackupKind.default("manual"),
    verify: z.boolean().default(false).describe("Restore it aside afterwards and compare"),
  })
  .meta({ id: "CreateBackup" });

export const VerifyBackup = z
  .strictObject({
    foreign: z
      .boolean()
      .default(false)
      .describe(
        "Try out a backup that this installation has not signed (`backup-foreign`): its SQL is run aside",
      ),
  })
  .meta({ id: "VerifyBackup" });

export const SwitchBackupSchedule = z.strictObject({ running: z.boolean() }).meta({
  id: "SwitchBackupSchedule",
});

export const BackupEventsQuery = z.object({
  lang: z.enum(["en", "ru"]).optional().describe("EventSource can't send Accept-Language"),
});

export const DeleteBackupQuery = z.object({
  force: z.stringbool().default(false).describe("Delete it even where it is the last one that was verified"),
});
