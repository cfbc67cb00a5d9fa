import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { v7 as newId } from "uuid";
import type { z } from "zod";
import {
  type AlertPage,
  type HealthCheckAnswer,
  HealthHistory,
  MAX_HISTORY_POINTS,
  MONITORED_SERVICES,
  type MonitorState,
  SystemHealth,
} from "../../server/contract/monitor.ts";
import { RULES } from "../../server/services/monitor/rules.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { scrape, seriesReaches } from "../support/metrics-client.ts";
import { startServer } from "../support/server-process.ts";
import { until } from "../support/until.ts";

const MINUTE_MS = 60_000;
/** Longer than a lease that nobody gave back, as where the database was too busy for it. */
const LIMIT_MS = 120_000;

const openers = (app: TestApp) => ({
  health: async () => SystemHealth.parse(await (await app.request("/api/system/health")).json()),
  history: async (service: string, query = "") =>
    HealthHistory.parse(await (await app.request(`/api/system/health/${service}${query}`)).json()),
  turn: (path: "start" | "stop") => app.request(`/api/system/monitoring/${path}`, { method: "POST" }),
});

describe("routes of the monitor", () => {
  let app: TestApp;
  before(async () => {
    // What answers late on a busy machine is healthy all the same.
    app = await startTestApp({ env: { ALERT_THRESHOLD_RESPONSE_TIME: "60000" } });
  });
  after(() => app.dispose());
  afterEach(() => app.context.records.sequelize.query("TRUNCATE health_samples, alerts, monitor_lease"));

  it("show what a forced look saw, and keep it", async () => {
    const { health, history } = openers(app);
    assert.deepEqual((({ status, services, alerts }) => ({ status, services, alerts }))(await health()), {
      status: "unknown",
      services: [],
      alerts: [],
    });
    const answer = await app.request("/api/system/health/check", { method: "POST" });
    const { services } = (await answer.json()) as z.infer<typeof HealthCheckAnswer>;
    assert.deepEqual(
      services.map(({ service }) => service),
      MONITORED_SERVICES,
    );
    const now = await health();
    assert.deepEqual(now.services, services);
    assert.equal(now.status, "healthy");
    const [database, cache, storage, provider, queue, host] = services;
    assert.ok(database.figures.poolMax >= database.figures.poolConnections);
    assert.deepEqual([cache.status, provider.status], ["off", "off"]);
    assert.ok(storage.figures.freeBytes > 0);
    assert.deepEqual(queue.figures, { jobs: 0, oldestSeconds: 0 });
    assert.ok(host.figures.diskPercent > 0 && host.figures.diskPercent <= 100);
    assert.ok(host.figures.memoryPercent > 0 && host.figures.memoryPercent <= 100);
    const { points } = await history("database", "?hours=1");
    assert.equal(points.length, 1);
    assert.deepEqual([points[0].looks, points[0].responseMs], [1, database.responseMs]);
  });

  it("speak the language of whoever asks, also of what was kept before; older versions kept English", async () => {
    const inRussian = { "Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5" };
    const messages = async (path: string, init: RequestInit = {}): Promise<Record<string, string>> => {
      const { services } = (await (await app.request(path, init)).json()) as z.infer<
        typeof HealthCheckAnswer
      >;
      return Object.fromEntries(services.map(({ service, message }) => [service, message]));
    };
    const checked = await messages("/api/system/health/check", { method: "POST", headers: inRussian });
    assert.equal(checked.database, "Отвечает.");
    assert.equal(checked.queue, "Заданий ожидает или выполняется: 0.");
    for (const [service, message] of Object.entries(checked)) assert.match(message, /[а-я]/, service);
    assert.deepEqual(await messages("/api/system/health", { headers: inRussian }), checked);
    const english = await messages("/api/system/health");
    assert.equal(english.queue, "0 jobs wait or run.");
    for (const message of Object.values(english)) assert.match(message, /^[ -~]+\.$/);
    const detailed = await app.request("/health/detailed", { headers: inRussian });
    const { checks } = (await detailed.json()) as { checks: Record<string, { message: string }> };
    assert.equal(checks.storage.message, checked.storage);
    await app.context.records.sequelize.query("UPDATE health_samples SET message = 'It answers: in 3 ms.'");
    const old = await messages("/api/system/health", { headers: inRussian });
    assert.deepEqual(new Set(Object.values(old)), new Set(["It answers: in 3 ms."]));
  });

  it("draw any time with few points, the worst state and the means of each", async () => {
    const { history } = openers(app);
    const end = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    await app.context.records.sequelize.query(
      `INSERT INTO health_samples (service, at, status, response_ms, max_response_ms, figures)
       SELECT 'queue', to_timestamp($1::float8) - make_interval(secs => 30 * n),
              CASE WHEN n % 100 = 0 THEN 'unhealthy' ELSE 'healthy' END, n % 10, n % 10, jsonb_build_object('jobs', n % 10)
         FROM generate_series(1, 2000) AS n`,
      { bind: [end / 1000] },
    );
    for (const hours of [1, 12, 24, 720]) {
      const { points, bucketSeconds, from, to } = await history("queue", `?hours=${hours}`);
      assert.ok(points.length > 0 && points.length <= MAX_HISTORY_POINTS, `${hours}: ${points.length}`);
      assert.ok(
        points.every(({ at }) => at >= from && at <= to && Date.parse(at) % (bucketSeconds * 1000) === 0),
      );
      assert.ok(points.every(({ maxResponseMs }) => maxResponseMs <= 9));
    }
    const { points } = await history("queue", "?hours=720");
    assert.equal(
      points.reduce((sum, { looks }) => sum + looks, 0),
      2000,
    );
    assert.ok(
      points.some(({ status, figures }) => status === "unhealthy" && figures.jobs > 4 && figures.jobs < 5),
    );
    assert.deepEqual((await history("cache")).points, []);
    for (const wrong of ["queue?hours=0", "queue?hours=many", "queue?to=2026-01-01", "moon"]) {
      assert.equal((await app.request(`/api/system/health/${wrong}`)).status, 400, wrong);
    }
  });

  it("list alerts by pages, the open ones first", async () => {
    const { health } = openers(app);
    const start = Date.parse("2026-05-01T00:00:00Z");
    const rows = Array.from({ length: 7 }, (_, n) => ({
      id: newId(),
      key: n === 1 ? "host.disk" : n === 3 ? "database.slow" : "storage.failing",
      service: n === 1 ? ("host" as const) : ("storage" as const),
      severity: "critical" as const,
      value: 2,
      threshold: 0,
      unit: "state" as const,
      notices: [],
      openedAt: new Date(start + n * MINUTE_MS),
      resolvedAt: n === 1 || n === 3 ? null : new Date(start + n * MINUTE_MS + 1000),
    }));
    await app.context.records.Alert.bulkCreate(rows);
    const ids: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const path: string = `/api/system/alerts?limit=2&total=true${cursor && `&cursor=${cursor}`}`;
      const page = (await (await app.request(path)).json()) as z.infer<typeof AlertPage>;
      assert.equal(page.total, 7);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    assert.deepEqual(
      ids,
      [3, 1, 6, 5, 4, 2, 0].map((n) => rows[n].id),
    );
    const open = (await (await app.request("/api/system/alerts?state=open")).json()) as z.infer<
      typeof AlertPage
    >;
    assert.deepEqual(
      open.items.map(({ key, state }) => [key, state]),
      [
        ["database.slow", "open"],
        ["host.disk", "open"],
      ],
    );
    assert.deepEqual((await health()).alerts, open.items);
    assert.equal((await app.request("/api/system/alerts?cursor=nonsense")).status, 400);
  });

  it("count the open ones for Prometheus, by rule; one that no rule of this version raised is another", async () => {
    // Where the database is slow the figures of a scrape are left out.
    const reaches = (value: number, rule: string, severity: string) =>
      seriesReaches(app, value, "photo_to_3d_alerts_open", { rule, severity });
    // A rule has its series before its first alert.
    await reaches(0, "host.disk", "critical");
    const openedAt = new Date();
    const alert = {
      service: "host" as const,
      value: 95,
      threshold: 90,
      unit: "%" as const,
      notices: [],
      openedAt,
    };
    await app.context.records.Alert.bulkCreate([
      { ...alert, id: newId(), key: "host.disk", severity: "critical", resolvedAt: null },
      { ...alert, id: newId(), key: "host.memory", severity: "warning", resolvedAt: openedAt },
      ...["of-old", "of-older"].map((key) => ({
        ...alert,
        id: newId(),
        key: `host.${key}`,
        severity: "warning" as const,
        resolvedAt: null,
      })),
    ]);
    await reaches(1, "host.disk", "critical");
    await reaches(2, "other", "warning");
    await reaches(0, "host.memory", "warning");
    const counted = async () => (await scrape(app)).get("photo_to_3d_alerts_open")?.samples.length;
    await until("each rule is counted, and the other", async () => (await counted()) === RULES.length + 1);
  });

  it("say that the settings turn it off", async () => {
    const { health, turn } = openers(app);
    const { monitor } = await health();
    assert.deepEqual(monitor, { intervalSeconds: null, running: false, lookedBy: null, lastLookAt: null });
    for (const path of ["start", "stop"] as const) {
      const answer = await turn(path);
      assert.equal(answer.status, 409);
      assert.match(await answer.text(), /monitor-off.*MONITORING_INTERVAL/);
    }
  });
});

it("one of two replicas looks by itself, stops wherever that is said, and is followed by the other", async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const start = () => startTestApp({ databaseUrl: database.url, env: { MONITORING_INTERVAL: "1" } });
  const first = await start();
  let isThere = true;
  const leave = async () => {
    if (isThere) await first.dispose();
    isThere = false;
  };
  stack.defer(leave);
  const until = async (app: TestApp, isSo: (now: z.infer<typeof SystemHealth>) => boolean) => {
    for (const deadline = performance.now() + LIMIT_MS; ; await sleep(50)) {
      const now = await openers(app).health();
      if (isSo(now)) return now;
      assert.ok(performance.now() < deadline, JSON.stringify(now));
    }
  };
  /** Who has the lease; undefined where nobody does. */
  const holder = async (app: TestApp) => {
    const [leases] = await app.context.records.sequelize.query(
      "SELECT holder FROM monitor_lease WHERE until > now()",
    );
    return (leases as { holder: string }[])[0]?.holder;
  };
  const untilHolder = async (app: TestApp, isSo: (now: string | undefined) => boolean) => {
    for (const deadline = performance.now() + LIMIT_MS; !isSo(await holder(app)); await sleep(50))
      assert.ok(performance.now() < deadline, `${await holder(app)} has the lease`);
  };
  await until(first, ({ services }) => services.length === MONITORED_SERVICES.length);
  const holding = await holder(first);
  assert.ok(holding);

  const second = stack.adopt(await start(), (part) => part.dispose());
  const { turn } = openers(second);
  const stopped = (await (await turn("stop")).json()) as z.infer<typeof MonitorState>;
  assert.deepEqual([stopped.running, stopped.lookedBy], [false, null]);
  await until(first, ({ monitor }) => !monitor.running);
  // A look that is under way ends before the lease is given back.
  await untilHolder(second, (now) => now === undefined);
  const { monitor: resting } = await openers(second).health();
  assert.equal(resting.lookedBy, null);
  const started = (await (await turn("start")).json()) as z.infer<typeof MonitorState>;
  assert.equal(started.running, true);
  const again = await until(second, ({ monitor }) => monitor.lastLookAt! > resting.lastLookAt!);

  await leave();
  await untilHolder(second, (now) => now !== undefined && now !== holding);
  await until(
    second,
    ({ monitor }) => monitor.lookedBy !== null && monitor.lastLookAt! > again.monitor.lastLookAt!,
  );
  const deeds = await second.context.records.AuditEntry.findAll({ order: [["createdAt", "ASC"]] });
  assert.deepEqual(
    deeds.map(({ action }) => action).filter((action) => action.startsWith("system.process")),
    ["system.process-stopped", "system.process-started"],
  );
});

it("the other replica goes on long before the lease is over when the one that looks is killed", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(os.tmpdir(), "monitor-kill-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const database = stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  stack.defer(() => client.end());
  const start = async () => {
    const settings = { DATABASE_URL: database.url, MONITORING_INTERVAL: "5" };
    return stack.adopt(await startServer(folder, settings), (server) => server.kill());
  };
  const servers = [await start(), await start()];
  const read = async () => {
    const { rows } = await client.query("SELECT holder, name, looked_at, until FROM monitor_lease");
    return rows[0] as { holder: string; name: string; looked_at: Date; until: Date } | undefined;
  };
  await until("one of them looks", async () => (await read()) !== undefined);
  let last = (await read())!;
  await servers.find(({ pid }) => last.name.endsWith(` ${pid}`))!.kill();
  // The other one may be the next to look before anybody here does.
  let next = last;
  await until("the other one looks", async () => {
    last = next;
    next = (await read())!;
    return next.holder !== last.holder;
  });
  assert.ok(next.looked_at < last.until, `${next.looked_at.toISOString()} ${last.until.toISOString()}`);
});
