import { z } from "zod";
import { Id, LocalizedText, PageQuery, pageOf, Time } from "./common.ts";

/** What the connection monitor looks at; `host` is the machine of the process that looks. */
export const MONITORED_SERVICES = ["database", "cache", "storage", "provider", "queue", "host"] as const;
export const MonitoredService = z.enum(MONITORED_SERVICES).meta({ id: "MonitoredService" });
export type MonitoredService = z.infer<typeof MonitoredService>;

/** From the best to the worst; `off`: there is no such part here, and that is as it should be. */
export const SERVICE_STATES = ["off", "healthy", "degraded", "unhealthy"] as const;
const ServiceState = z.enum(SERVICE_STATES);
export type ServiceState = z.infer<typeof ServiceState>;

/** What may be measured of a service besides its response time; a figure that could not be read is left out. */
export const SERVICE_FIGURES = {
  database: ["poolConnections", "poolInUse", "poolWaiting", "poolMax"],
  cache: ["memoryBytes", "memoryMaxBytes"],
  storage: ["freeBytes"],
  provider: ["balanceRoubles"],
  queue: ["jobs", "oldestSeconds"],
  host: ["diskPercent", "memoryPercent", "httpErrorPercent", "generationErrorPercent"],
} as const satisfies Record<MonitoredService, readonly string[]>;

const Figures = z
  .record(z.string(), z.number())
  .describe("Measured values by name; the unit is in the name, and without one it is a count");

export const ServiceHealth = z
  .object({
    service: MonitoredService,
    status: ServiceState,
    message: z.string().describe("In the language of the request"),
    responseMs: z.number().int().describe("How long the check took"),
    figures: Figures,
    at: Time,
  })
  .meta({ id: "ServiceHealth" });
export type ServiceHealth = z.infer<typeof ServiceHealth>;

export const MonitorState = z
  .object({
    intervalSeconds: z
      .number()
      .int()
      .nullable()
      .describe("Between two looks; null: turned off by the settings"),
    running: z.boolean().describe("Whether it looks by itself; false where it is off or was stopped"),
    lookedBy: z.string().nullable().describe("Machine and process that looks for all; null: nobody does now"),
    lastLookAt: Time.nullable(),
  })
  .meta({ id: "MonitorState" });
export type MonitorState = z.infer<typeof MonitorState>;

export const Alert = z
  .object({
    id: Id,
    key: z.string().describe("What it is about, such as `database.slow`; at most one alert of a key is open"),
    service: MonitoredService,
    severity: z.enum(["warning", "critical"]),
    state: z.enum(["open", "resolved"]),
    title: LocalizedText.describe("What happened"),
    advice: LocalizedText.describe("What to do next"),
    value: z.number().describe("What was measured when it opened"),
    threshold: z.number(),
    unit: z
      .enum(["state", "ms", "s", "%", "RUB"])
      .describe("Of value and threshold; state: 1 degraded, 2 unhealthy"),
    openedAt: Time,
    resolvedAt: Time.nullable(),
    notices: z
      .array(
        z.object({
          about: z.enum(["opened", "resolved"]),
          channel: z.enum(["webhook", "email"]),
          sentAt: Time.nullable().describe("Null: it is still tried, or was given up after a day"),
          tries: z.number().int(),
        }),
      )
      .describe("Whom it was told, where the settings name somebody"),
  })
  .meta({ id: "Alert" });
export type Alert = z.infer<typeof Alert>;

export const SystemHealth = z
  .object({
    status: z
      .enum(["healthy", "degraded", "unhealthy", "unknown"])
      .describe("Of the worst; unknown: never looked"),
    monitor: MonitorState,
    services: z.array(ServiceHealth).describe("The last look at each; none before the first look"),
    alerts: z.array(Alert).describe("Those that are open, the newest first"),
  })
  .meta({ id: "SystemHealth" });
export type SystemHealth = z.infer<typeof SystemHealth>;

export const HealthCheckAnswer = z
  .object({ services: z.array(ServiceHealth) })
  .meta({ id: "HealthCheckAnswer" });

export const HealthHistoryQuery = z.strictObject({
  hours: z.coerce.number().int().min(1).max(87_600).default(24).describe("Back from now"),
});

/** A chart has at most so many points, whatever time it covers. */
export const MAX_HISTORY_POINTS = 288;

export const HealthHistory = z
  .object({
    service: MonitoredService,
    from: Time,
    to: Time,
    bucketSeconds: z
      .number()
      .int()
      .describe("Each point stands for the looks of so long a time from `at` on"),
    points: z
      .array(
        z.object({
          at: Time,
          status: ServiceState.describe("The worst of the time"),
          responseMs: z.number().int().describe("Mean"),
          maxResponseMs: z.number().int(),
          looks: z.number().int(),
          figures: Figures.describe("Means of the measured values by name"),
        }),
      )
      .describe(`Oldest first, at most ${MAX_HISTORY_POINTS}; a time without a look has none`),
  })
  .meta({ id: "HealthHistory" });
export type HealthHistory = z.infer<typeof HealthHistory>;

export const AlertQuery = PageQuery.extend({ state: z.enum(["open", "resolved"]).optional() }).strict();
export const AlertPage = pageOf(Alert).meta({ id: "AlertPage" });
