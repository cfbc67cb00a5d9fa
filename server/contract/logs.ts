import { z } from "zod";
import { Time } from "./common.ts";

export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export const LogLevelName = z.enum(LOG_LEVELS);
export type LogLevelName = z.infer<typeof LogLevelName>;

export const LogLevel = z
  .object({
    level: LogLevelName.describe("Lines of this level and of graver ones are written"),
    configured: LogLevelName.describe("What LOG_LEVEL says; holds where nobody chose another"),
    isChosen: z.boolean().describe("Whether an administrator chose the level"),
  })
  .meta({ id: "LogLevel" });
export type LogLevel = z.infer<typeof LogLevel>;

export const ChangeLogLevel = z
  .object({ level: LogLevelName.nullable().describe("For all replicas; null: as LOG_LEVEL says") })
  .strict()
  .meta({ id: "ChangeLogLevel" });

export const LogLine = z
  .object({
    timestamp: Time,
    level: LogLevelName,
    message: z.string(),
    requestId: z.string().optional(),
    generationId: z.string().optional(),
    userId: z.string().optional(),
    traceId: z.string().optional().describe("W3C trace id, where traces are sent"),
    details: z.record(z.string(), z.unknown()).describe("Everything else of the line, without secrets"),
  })
  .meta({ id: "LogLine" });
export type LogLine = z.infer<typeof LogLine>;

export const LogTail = z
  .object({ lines: z.array(LogLine).describe("The newest first, of the process that answers") })
  .meta({ id: "LogTail" });
export type LogTail = z.infer<typeof LogTail>;

export const MOST_LOG_LINES = 1000;

export const LogQuery = z
  .object({
    lines: z.coerce.number().int().min(1).max(MOST_LOG_LINES).default(100).describe("At most so many"),
    level: LogLevelName.optional().describe("This level and graver ones"),
    q: z
      .string()
      .trim()
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, "Control characters are not possible here.")
      .min(1)
      .max(200)
      .optional()
      .describe("Text anywhere in the line, in any case"),
  })
  .strict();
