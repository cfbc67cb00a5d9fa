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
  .object({
    status: z.enum(["ok", "unavailable"]),
    checks: z
      .record(z.string(), z.enum(["ok", "failed"]))
      .describe(
        "Each part at this moment; one that has only just failed doesn't make the whole unavailable yet",
      ),
  })
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

const HealthCheck = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy", "off"]),
  latencyMs: z.number().int(),
  message: z.string(),
});

const ProviderHealth = z.object({
  breaker: z.enum(["closed", "open", "half-open"]).describe("Open: nobody asks it, for it failed too often"),
  nextProbeAt: Time.nullable().describe("When it is asked again; null while the breaker is closed"),
  waiting: z
    .object({ code: z.string(), until: Time })
    .nullable()
    .describe("Why nothing is sent to it, by the code of an error"),
  lastSuccessAt: Time.nullable(),
  lastFailureAt: Time.nullable(),
  lastFault: z.string().nullable(),
  retriesLeft: z.number().int().describe("Retries that the budget allows now"),
});
export type ProviderHealth = z.infer<typeof ProviderHealth>;

export const DetailedHealth = z
  .object({
    status: z.enum(["healthy", "degraded", "unhealthy"]),
    timestamp: Time,
    version: z.string(),
    commit: z.string().nullable().describe("Of the source that runs; null where it is not known"),
    checks: z.object({
      database: HealthCheck,
      storage: HealthCheck,
      cache: HealthCheck,
      queue: HealthCheck,
      provider: HealthCheck.extend({ details: ProviderHealth.optional() }),
      readReplica: HealthCheck,
    }),
  })
  .meta({ id: "DetailedHealth" });
