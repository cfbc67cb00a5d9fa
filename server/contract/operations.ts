import { z } from "zod";
import { Time } from "./common.ts";

const Memory = z.object({ rss: z.number(), heapUsed: z.number(), heapTotal: z.number() }).describe("bytes");

export const Health = z
  .object({
    status: z.literal("healthy"),
    timestamp: Time,
    uptime: z.number().describe("seconds"),
    memory: Memory,
  })
  .meta({ id: "Health" });

export const Probe = z
  .object({ status: z.enum(["ok", "unavailable"]), checks: z.record(z.string(), z.enum(["ok", "failed"])) })
  .meta({ id: "Probe" });

export const ApiInfo = z
  .object({ name: z.string(), version: z.string(), status: z.literal("running") })
  .meta({ id: "ApiInfo" });

export const DatabaseHealth = z
  .object({ status: z.enum(["connected", "error"]), message: z.string().optional(), timestamp: Time })
  .meta({ id: "DatabaseHealth" });

export const HealthMetrics = z
  .object({
    models: z.object({ total: z.number().int(), active: z.number().int() }),
    system: z.object({
      uptime: z.number(),
      memory: Memory,
      database: z.number().int().describe("connections in the pool"),
    }),
    timestamp: Time,
  })
  .meta({ id: "HealthMetrics" });
