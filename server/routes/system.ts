import { z } from "zod";
import type { OpenCache } from "../cache/open-cache.ts";
import type { Config } from "../config.ts";
import {
  OrphanReport,
  OrphanRequest,
  ProcessName,
  SystemInfo,
  SystemProcesses,
  SystemStats,
} from "../contract/system.ts";
import { type Route, route } from "../http/route.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import { audit } from "../services/audit.ts";
import type { Reads } from "../services/reads/reads.ts";
import { readInformation } from "../services/system/information.ts";
import { sweepOrphans } from "../services/system/orphans.ts";
import { listProcesses, switchProcess } from "../services/system/processes.ts";
import { readStatistics } from "../services/system/statistics.ts";
import type { SystemState } from "../services/system/system-state.ts";
import type { Storage } from "../storage/storage.ts";

interface SystemRouteDeps {
  config: Config;
  records: Records;
  reads: Pick<Reads, "read">;
  storage: Storage;
  logger: Logger;
  switches: SystemState;
  cache: Pick<OpenCache, "remembered">;
  version: string;
  commit: string | null;
}

const TAG = "Operations";

export function systemRoutes(deps: SystemRouteDeps): Route[] {
  const turn = (path: "start" | "stop", summary: string) =>
    route({
      method: "post",
      path: `/api/system/processes/:name/${path}`,
      tag: TAG,
      summary,
      access: "admin",
      params: z.object({ name: ProcessName }),
      answers: { 200: { description: "All of them as they are now", schema: SystemProcesses } },
      async handle({ params, by, response }) {
        await switchProcess(deps, { name: params.name, running: path === "start", by });
        response.json({ items: listProcesses(deps) });
      },
    });
  return [
    route({
      method: "get",
      path: "/api/system/info",
      tag: TAG,
      summary: "What runs here, and with which settings; secrets are left out",
      access: "admin",
      answers: { 200: { description: "Version, machine, database, store and settings", schema: SystemInfo } },
      async handle({ response }) {
        response.json(await readInformation(deps));
      },
    }),
    route({
      method: "get",
      path: "/api/system/stats",
      tag: TAG,
      summary: "Figures of the whole installation: the last 24 hours, all time, and now",
      access: "admin",
      answers: {
        200: { description: "Users, models, generations, times, bytes and money", schema: SystemStats },
      },
      async handle({ caller, response }) {
        const read = (records: Records) => readStatistics(records, deps.cache.remembered);
        response.json(await deps.reads.read(caller.userId, read));
      },
    }),
    route({
      method: "get",
      path: "/api/system/processes",
      tag: TAG,
      summary: "What goes on by itself, and whether it runs",
      access: "admin",
      answers: { 200: { description: "All of them", schema: SystemProcesses } },
      handle({ response }) {
        response.json({ items: listProcesses(deps) });
      },
    }),
    turn("start", "Let it go on, on all replicas"),
    turn("stop", "Let it rest, on all replicas and through restarts"),
    route({
      method: "post",
      path: "/api/system/orphans",
      tag: TAG,
      summary:
        "Look for files that no record names and for records without their file; `remove` clears the files up",
      access: "admin-account",
      body: OrphanRequest,
      answers: { 200: { description: "What was found and removed", schema: OrphanReport } },
      async handle({ body, by, response }) {
        const report = await sweepOrphans(deps, body.remove);
        if (body.remove) {
          const details = { files: report.removed };
          await audit(deps.records, { action: "system.orphans-removed", details, by });
        }
        response.json(report);
      },
    }),
  ];
}
