import type { OpenCache } from "../cache/open-cache.ts";
import { ApiInfo, DatabaseHealth, Health, HealthMetrics, Probe } from "../contract/operations.ts";
import { poolUse } from "../database/pool-use.ts";
import { type Route, route } from "../http/route.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import { countModels } from "../services/models.ts";
import type { Reads } from "../services/reads/reads.ts";
import { createReadiness, isUsable, type Readiness } from "../services/system/readiness.ts";

export interface OperationRouteDeps {
  records: Records;
  reads: Pick<Reads, "read">;
  cache: Pick<OpenCache, "remembered">;
  logger: Logger;
  version: string;
  draining: AbortSignal;
  /** Checks of readiness by name; each throws when its part is not usable. */
  readiness: Record<"database" | "migrations" | "storage", () => Promise<void>>;
  /** Milliseconds of a clock that is never set back; default that of the process. */
  now?: () => number;
}

const TAG = "Operations";

const memory = () => {
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  return { rss, heapUsed, heapTotal };
};
const now = () => new Date().toISOString();

export function operationRoutes(deps: OperationRouteDeps): Route[] {
  const { records, logger } = deps;
  const readiness = createReadiness(deps.readiness, deps.now);
  const health = (path: string) =>
    route({
      method: "get",
      path,
      tag: TAG,
      summary: "Is the process healthy",
      access: "public",
      answers: { 200: { description: "It is", schema: Health } },
      handle({ response }) {
        response.json({ status: "healthy", timestamp: now(), uptime: process.uptime(), memory: memory() });
      },
    });
  const probe = (path: string, summary: string, read: () => Promise<Readiness>) =>
    route({
      method: "get",
      path,
      tag: TAG,
      summary,
      access: "public",
      answers: {
        200: { description: "Yes", schema: Probe },
        503: { description: "Not now", schema: Probe },
      },
      async handle({ response }) {
        const { isReady, parts } = await read();
        response.status(isReady ? 200 : 503).set("Cache-Control", "no-store");
        if (!isReady) response.set("Retry-After", "5");
        response.json({
          status: isReady ? "ok" : "unavailable",
          checks: Object.fromEntries(
            Object.entries(parts).map(([name, passed]) => [name, passed ? "ok" : "failed"]),
          ),
        });
      },
    });
  return [
    health("/health"),
    health("/api/health"),
    probe("/health/live", "Does the process answer; touches nothing else", async () => ({
      isReady: true,
      parts: { process: true },
    })),
    probe("/health/startup", "Has the start ended", async () => {
      const migrations = await isUsable(deps.readiness.migrations);
      return { isReady: migrations, parts: { migrations } };
    }),
    probe(
      "/health/ready",
      "Can it serve; a part that fails is borne for ten seconds, a process that stops says so at once",
      async () => {
        const { isReady, parts } = await readiness();
        const serving = !deps.draining.aborted;
        return { isReady: isReady && serving, parts: { ...parts, serving } };
      },
    ),
    route({
      method: "get",
      path: "/api",
      tag: TAG,
      summary: "What this is",
      access: "public",
      answers: { 200: { description: "Name and version", schema: ApiInfo } },
      handle({ response }) {
        response.json({ name: "photo-to-3d", version: deps.version, status: "running" });
      },
    }),
    route({
      method: "get",
      path: "/api/health/database",
      tag: TAG,
      summary: "Does the database answer",
      access: "public",
      answers: {
        200: { description: "It does", schema: DatabaseHealth },
        500: { description: "It does not", schema: DatabaseHealth },
      },
      async handle({ response }) {
        const isThere = await isUsable(async () => {
          await records.sequelize.query("SELECT 1").catch((error) => {
            logger.warn("The database does not answer", { error });
            throw error;
          });
        });
        if (isThere) return void response.json({ status: "connected", timestamp: now() });
        const message = "The database does not answer.";
        response.status(500).json({ status: "error", message, timestamp: now() });
      },
    }),
    route({
      method: "get",
      path: "/api/health/metrics",
      tag: TAG,
      summary: "A few figures",
      access: "public",
      answers: { 200: { description: "The figures", schema: HealthMetrics } },
      async handle({ response }) {
        response.json({
          models: await deps.reads.read(null, (from) => countModels(from, deps.cache.remembered)),
          system: { uptime: process.uptime(), memory: memory(), database: poolUse(records.sequelize).size },
          timestamp: now(),
        });
      },
    }),
  ];
}
