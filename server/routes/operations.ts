import type { Sequelize } from "sequelize";
import { ApiInfo, DatabaseHealth, Health, HealthMetrics, Probe } from "../contract/operations.ts";
import { type Route, route } from "../http/route.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import { countModels } from "../services/models.ts";

export interface OperationRouteDeps {
  records: Records;
  logger: Logger;
  version: string;
  draining: AbortSignal;
  /** Checks of readiness by name; each throws when its part is not usable. */
  readiness: Record<"database" | "migrations" | "storage", () => Promise<void>>;
}

const TAG = "Operations";
const CHECK_MS = 3000;

const memory = () => {
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  return { rss, heapUsed, heapTotal };
};
const now = () => new Date().toISOString();

/** Connections that the pool holds, in use or idle. */
const poolSize = (sequelize: Sequelize) =>
  (sequelize.connectionManager as unknown as { pool: { size: number } }).pool.size;

/** Asked by anyone and as often as they like, so the answer is kept for a second. */
const RECENT_MS = 1000;

function recently<T>(work: () => Promise<T>): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | null = null;
  return () => {
    // Not the wall clock: that may be set back.
    const at = performance.now();
    if (!last || at - last.at > RECENT_MS) last = { at, answer: work() };
    return last.answer;
  };
}

const within = (work: Promise<void>) =>
  Promise.race([
    work.then(() => true),
    new Promise<false>((resolve) => setTimeout(resolve, CHECK_MS, false).unref()),
  ]).catch(() => false);

export function operationRoutes(deps: OperationRouteDeps): Route[] {
  const { records, logger } = deps;
  const readiness = recently(async () => {
    const checks = Object.entries(deps.readiness).map(async ([name, check]) => [name, await within(check())]);
    return Object.fromEntries(await Promise.all(checks)) as Record<string, boolean>;
  });
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
  const probe = (path: string, summary: string, checks: () => Promise<Record<string, boolean>>) =>
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
        const results = Object.entries(await checks());
        const isOk = results.every(([, passed]) => passed);
        response.status(isOk ? 200 : 503).set("Cache-Control", "no-store");
        if (!isOk) response.set("Retry-After", "5");
        response.json({
          status: isOk ? "ok" : "unavailable",
          checks: Object.fromEntries(results.map(([name, passed]) => [name, passed ? "ok" : "failed"])),
        });
      },
    });
  return [
    health("/health"),
    health("/api/health"),
    probe("/health/live", "Does the process answer; touches nothing else", async () => ({ process: true })),
    probe("/health/startup", "Has the start ended", async () => ({
      migrations: await within(deps.readiness.migrations()),
    })),
    probe("/health/ready", "Can it serve", async () => ({
      ...(await readiness()),
      serving: !deps.draining.aborted,
    })),
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
        try {
          await records.sequelize.query("SELECT 1");
          response.json({ status: "connected", timestamp: now() });
        } catch (error) {
          logger.warn("The database does not answer", { error });
          const message = "The database does not answer.";
          response.status(500).json({ status: "error", message, timestamp: now() });
        }
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
          models: await countModels(records),
          system: { uptime: process.uptime(), memory: memory(), database: poolSize(records.sequelize) },
          timestamp: now(),
        });
      },
    }),
  ];
}
