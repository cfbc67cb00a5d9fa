import { z } from "zod";
import type { Config } from "../config.ts";
import {
  AlertPage,
  AlertQuery,
  HealthCheckAnswer,
  HealthHistory,
  HealthHistoryQuery,
  MonitoredService,
  MonitorState,
  type ServiceHealth,
  SystemHealth,
} from "../contract/monitor.ts";
import { AppError } from "../errors.ts";
import { type Locale, localeOf } from "../http/locale.ts";
import { type Route, route } from "../http/route.ts";
import type { HealthSample } from "../models/health-samples.ts";
import { readLease } from "../models/monitor-lease.ts";
import type { Records } from "../models/records.ts";
import { healthText } from "../services/health-texts.ts";
import { listAlerts } from "../services/monitor/alert-log.ts";
import { describeAlert } from "../services/monitor/describe-alert.ts";
import { healthHistory, healthNow } from "../services/monitor/history.ts";
import type { Monitor } from "../services/monitor/monitor.ts";
import { switchProcess } from "../services/system/processes.ts";
import type { SystemState } from "../services/system/system-state.ts";

interface MonitorRouteDeps {
  config: Config;
  records: Records;
  switches: SystemState;
  monitor: Pick<Monitor, "check">;
}

const TAG = "Operations";

const presentSampleIn =
  (locale: Locale) =>
  ({ at, message, ...sample }: HealthSample): ServiceHealth => ({
    ...sample,
    message: healthText(message)[locale],
    at: at.toISOString(),
  });

export function monitorRoutes(deps: MonitorRouteDeps): Route[] {
  const { config, records, switches, monitor } = deps;
  const { intervalSeconds } = config.monitoring;

  function presentState(lease: Awaited<ReturnType<typeof readLease>>): MonitorState {
    const running = intervalSeconds !== null && switches.get("monitor").running;
    return {
      intervalSeconds,
      running,
      lookedBy: running ? (lease?.name ?? null) : null,
      lastLookAt: lease?.lookedAt.toISOString() ?? null,
    };
  }

  const turn = (path: "start" | "stop", summary: string) =>
    route({
      method: "post",
      path: `/api/system/monitoring/${path}`,
      tag: TAG,
      summary,
      access: "admin",
      answers: { 200: { description: "As it is now", schema: MonitorState } },
      async handle({ by, response }) {
        if (intervalSeconds === null) throw new AppError("monitor-off");
        await switchProcess(deps, { name: "monitor", running: path === "start", by });
        response.json(presentState(await readLease(records)));
      },
    });

  return [
    route({
      method: "get",
      path: "/api/system/health",
      tag: TAG,
      summary: "The monitor's last look at every part, and the alerts that are open",
      access: "admin",
      answers: { 200: { description: "All parts", schema: SystemHealth } },
      async handle({ request, response }) {
        const { status, lease, services, alerts } = await healthNow(records);
        response.set("Cache-Control", "no-store").json({
          status,
          monitor: presentState(lease),
          services: services.map(presentSampleIn(localeOf(request))),
          alerts: alerts.map(describeAlert),
        });
      },
    }),
    route({
      method: "post",
      path: "/api/system/health/check",
      tag: TAG,
      summary: "Look at every part now; what is seen joins the history and raises no alert",
      access: "admin",
      answers: { 200: { description: "What was seen", schema: HealthCheckAnswer } },
      async handle({ request, response }) {
        response.json({ services: (await monitor.check()).map(presentSampleIn(localeOf(request))) });
      },
    }),
    route({
      method: "get",
      path: "/api/system/health/:service",
      tag: TAG,
      summary: "What the monitor saw of one part, for a chart",
      access: "admin",
      params: z.object({ service: MonitoredService }),
      query: HealthHistoryQuery,
      answers: { 200: { description: "Points of equal times", schema: HealthHistory } },
      async handle({ params, query, response }) {
        const now = new Date();
        response
          .set("Cache-Control", "no-store")
          .json(await healthHistory(records, { ...params, ...query, intervalSeconds, now }));
      },
    }),
    turn("start", "Let the monitor look by itself, on all replicas"),
    turn("stop", "Let the monitor rest, on all replicas and through restarts"),
    route({
      method: "get",
      path: "/api/system/alerts",
      tag: TAG,
      summary: "Alerts, the open ones first, then the newest",
      access: "admin",
      query: AlertQuery,
      answers: { 200: { description: "A page", schema: AlertPage } },
      async handle({ query, response }) {
        const page = await listAlerts(records, query);
        response.set("Cache-Control", "no-store").json({ ...page, items: page.items.map(describeAlert) });
      },
    }),
  ];
}
