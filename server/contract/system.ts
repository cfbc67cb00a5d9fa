import { z } from "zod";
import { Time } from "./common.ts";
import { GENERATION_STATUSES } from "./generation.ts";

const Count = z.number().int();

export const SystemInfo = z
  .object({
    name: z.string(),
    version: z.string(),
    commit: z.string().nullable().describe("Of the source that runs; null where it is not known"),
    node: z.string(),
    platform: z.string().describe("Operating system and processor, such as linux x64"),
    process: z.string().describe("Name of the machine and id of the process that answers"),
    startedAt: Time,
    uptime: z.number().describe("seconds"),
    database: z.object({ version: z.string(), bytes: Count, isEmbedded: z.boolean() }),
    store: z
      .object({
        bucket: z
          .string()
          .nullable()
          .describe("Where files lie, as `s3://my-models/files/`; null: on the disk"),
        freeBytes: Count,
        totalBytes: Count,
      })
      .describe("The disk of the files, or of work in progress where they lie in a bucket"),
    settings: z
      .array(
        z.object({
          name: z.string(),
          value: z.string().nullable().describe("Null where it is not set, or secret"),
          isSecret: z.boolean(),
          isSet: z.boolean().describe("Whether it differs from the default"),
          isFromFile: z.boolean().describe("Whether it was read from the file that NAME_FILE names"),
        }),
      )
      .describe("Every setting as this process was started with, without secrets"),
  })
  .meta({ id: "SystemInfo" });
export type SystemInfo = z.infer<typeof SystemInfo>;

const Period = z.object({
  users: Count.describe("Accounts made"),
  models: Count.describe("Models made that are still there"),
  generations: Count.describe("Accepted"),
  succeeded: Count,
  failed: Count,
  canceled: Count,
  successRate: z.number().nullable().describe("Share of the succeeded in succeeded and failed, 0 to 1"),
  meanSeconds: z.number().nullable().describe("From acceptance to success"),
  roubles: z.object({ charged: z.number(), assumed: z.number() }),
  bytes: z.object({ photos: Count, models: Count }).describe("Of files that are still there"),
});

export const SystemStats = z
  .object({
    at: Time,
    last24Hours: Period,
    allTime: Period,
    now: z.object({
      generations: z.record(z.enum(GENERATION_STATUSES), Count).describe("By state"),
      oldestQueuedSeconds: z.number().describe("0 where none waits"),
      reservedRoubles: z.number().describe("Expected price of the paid work that is under way"),
    }),
    hours: z
      .array(z.object({ at: Time, succeeded: Count, failed: Count, canceled: Count }))
      .describe("The last 24 hours by their beginnings, the oldest first"),
  })
  .meta({ id: "SystemStats" });
export type SystemStats = z.infer<typeof SystemStats>;

export const PROCESS_NAMES = ["monitor", "backupSchedule", "housekeeping", "queue"] as const;
export const ProcessName = z.enum(PROCESS_NAMES);
export type ProcessName = z.infer<typeof ProcessName>;

export const SystemProcesses = z
  .object({
    items: z.array(
      z.object({
        name: ProcessName,
        isRunning: z.boolean(),
        isSetUp: z.boolean().describe("False where the settings leave it out, so that it can't be started"),
        rhythm: z
          .object({ kind: z.enum(["always", "seconds", "daily"]), value: z.number().nullable() })
          .describe("How often it works: the seconds between, or the hour of the day (UTC)"),
      }),
    ),
  })
  .meta({ id: "SystemProcesses" });

export const OrphanRequest = z.strictObject({
  remove: z.boolean().default(false).describe("Removes files that nothing names; else it only reports"),
});

const Finding = z.object({ count: Count, bytes: Count, sample: z.array(z.string()).describe("At most 20") });

export const OrphanReport = z
  .object({
    at: Time,
    isOwnStore: z.boolean().describe("False: another database uses the store too, so nothing is judged"),
    files: Finding.describe("Files of the store, older than a day, that no record names"),
    removed: Count,
    rows: z
      .object({
        count: Count,
        sample: z.array(z.object({ kind: z.string(), key: z.string(), modelId: z.string().nullable() })),
      })
      .describe("Records whose file is not in the store"),
  })
  .meta({ id: "OrphanReport" });
export type OrphanReport = z.infer<typeof OrphanReport>;
