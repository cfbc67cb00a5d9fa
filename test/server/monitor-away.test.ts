import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { HealthSample } from "../../server/models/health-samples.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type DatabaseGate, startDatabaseGate } from "../support/database-gate.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { type MailServer, startMailServer } from "../support/mail-server.ts";
import { type AlertReceiver, startAlertReceiver } from "../support/monitor/alert-receiver.ts";
import { startTestRedis, type TestRedis } from "../support/redis/test-redis.ts";
import { until } from "../support/until.ts";

const LIMIT_MS = 60_000;
const OPERATOR = "operator@example.com";

/** The real checks, with parts that go away and come back. */
describe("the monitor, when a part goes away", () => {
  let database: TestDatabase;
  let gate: DatabaseGate;
  let fake: FakeGenapi;
  let redis: TestRedis;
  let receiver: AlertReceiver;
  let mail: MailServer;
  let app: TestApp;
  before(async () => {
    database = await createTestDatabase();
    gate = await startDatabaseGate(database.url);
    fake = await startFakeGenapi({ balance: 500 });
    redis = await startTestRedis();
    receiver = await startAlertReceiver();
    mail = await startMailServer();
    app = await startTestApp({
      databaseUrl: gate.url,
      fake,
      env: {
        REDIS_URL: redis.url,
        ALERT_WEBHOOK_URL: receiver.url,
        ALERT_EMAIL: OPERATOR,
        SMTP_URL: mail.url,
        PUBLIC_URL: "http://localhost",
        MAIL_FROM: "3d@example.com",
        ALERT_THRESHOLD_RESPONSE_TIME: "60000",
        ALERT_THRESHOLD_DISK_PERCENT: "100",
        ALERT_THRESHOLD_MEMORY_PERCENT: "100",
      },
    });
  });
  after(async () => {
    await app?.dispose();
    await mail?.dispose();
    await receiver?.dispose();
    await redis?.dispose();
    await fake?.dispose();
    await gate?.dispose();
    await database?.dispose();
  });

  const seen = async (): Promise<Record<string, HealthSample>> =>
    Object.fromEntries((await app.context.monitor.check()).map((sample) => [sample.service, sample]));
  const look = async (times: number) => {
    for (let n = 0; n < times; n++) assert.equal(await app.context.monitor.look(), "looked");
  };
  const lookUntilTold = async (told: string) => {
    for (const deadline = performance.now() + LIMIT_MS; !receiver.told().includes(told); await sleep(50)) {
      assert.ok(performance.now() < deadline, `${told} was never told: ${receiver.told()}`);
      await app.context.monitor.look();
    }
  };

  it("measures Redis and the balance", async () => {
    // A busy machine may need a second try at Redis.
    for (const deadline = performance.now() + LIMIT_MS; !(await seen()).cache.figures.memoryBytes; )
      assert.ok(performance.now() < deadline);
    const { provider } = await seen();
    assert.equal(provider.status, "healthy");
    assert.deepEqual(provider.figures, { balanceRoubles: 500 });
  });

  it("says when Redis goes, the money runs out and the key is refused", async () => {
    await redis.stop();
    const account = fake.accounts.get(fake.key)!;
    account.balance = 99.5;
    await lookUntilTold("alert.opened cache.failing");
    await lookUntilTold("alert.opened provider.balance");
    assert.equal(receiver.received.find(({ alert }) => alert.key === "provider.balance")?.alert.value, 99.5);
    fake.accounts.delete(fake.key);
    await lookUntilTold("alert.opened provider.failing");
    assert.match((await seen()).provider.message, /provider-unauthorized/);
    fake.accounts.set(fake.key, { balance: 1000 });
    await redis.start();
    for (const key of ["cache.failing", "provider.balance", "provider.failing"]) {
      await lookUntilTold(`alert.resolved ${key}`);
    }
  });

  it("writes a letter to the operator when something goes, and another when it is over, in both languages", async () => {
    const letter = async (subject: string) => {
      const find = () => mail.letters.find((one) => one.subject === subject);
      // A mail server that was too slow gets it with the next look.
      for (const deadline = performance.now() + LIMIT_MS; !find(); await look(1))
        assert.ok(performance.now() < deadline, mail.letters.map((one) => one.subject).join("; "));
      return find()!;
    };
    const gone = await letter("Photo to 3D: Redis is away / Redis недоступен");
    assert.deepEqual([gone.recipients, gone.from?.address], [[OPERATOR], "3d@example.com"]);
    assert.match(gone.text!, /See that it runs, and check REDIS_URL\.[\s\S]*Проверьте, что он работает/);
    const over = await letter("Photo to 3D: Over: Redis is away / Redis недоступен");
    assert.match(
      over.text!,
      /Over: Redis is away\.[\s\S]*It is well again[\s\S]*Закончилось: Redis недоступен\./,
    );
    const money = await letter(
      "Photo to 3D: The money at GenAPI runs out / Деньги на счёте GenAPI заканчиваются",
    );
    assert.match(money.text!, /Measured: 99\.5 RUB, threshold: 100 RUB[\s\S]*Измерено: 99,5 руб\./);
  });

  it("tells that the database is away although it can't write that down, and does so later", async () => {
    await look(1);
    const earlier = receiver.received.length;
    // Redis may seem slow on a busy machine.
    const toldSince = () => receiver.told().filter((told, n) => n >= earlier && !told.includes("cache"));
    gate.shut();
    await look(4);
    assert.deepEqual(toldSince(), ["alert.opened database.failing"]);
    gate.open();
    await lookUntilTold("alert.resolved database.failing");
    assert.deepEqual(toldSince(), ["alert.opened database.failing", "alert.resolved database.failing"]);
    const { records } = app.context;
    const written = () => records.Alert.findAll({ where: { key: "database.failing" } });
    // What a busy database doesn't take in time is written down with the next look.
    for (const deadline = performance.now() + LIMIT_MS; !(await written())[0]?.resolvedAt; await look(1))
      assert.ok(performance.now() < deadline);
    const alerts = await written();
    assert.equal(alerts.length, 1);
    const told = receiver.received.find(({ alert }) => alert.key === "database.failing");
    assert.equal(alerts[0].id, told?.alert.id);
    assert.ok(alerts[0].resolvedAt);
    await until("the looks of that time are in the history", async () => {
      const [samples] = await records.sequelize.query(
        "SELECT 1 FROM health_samples WHERE service = 'database' AND status = 'unhealthy'",
      );
      if (samples.length < 4) await look(1);
      return samples.length >= 4;
    });
  });

  it("counts what failed here, and no questions after the health", async () => {
    const totals = () => app.context.metrics.requests.totals();
    gate.shut();
    const before = await totals();
    await app.request("/health/ready");
    await app.request("/health/detailed");
    assert.equal((await app.request("/api/v1/models")).status, 503);
    gate.open();
    // It is counted when the answer has left, which its receiver may see sooner.
    for (const deadline = performance.now() + LIMIT_MS; (await totals()).all === before.all; await sleep(20))
      assert.ok(performance.now() < deadline);
    const now = await totals();
    assert.deepEqual([now.all - before.all, now.failed - before.failed], [1, 1]);
  });

  it("answers questions after the health while the database takes everything and says nothing", async () => {
    const ask = async (path: string) => {
      const answer = await fetch(app.url + path, { signal: AbortSignal.timeout(LIMIT_MS) });
      return { status: answer.status, body: (await answer.json()) as { checks: Record<string, unknown> } };
    };
    const untilReady = () =>
      until("it is called ready", async () => (await ask("/health/ready")).status === 200);
    // It may still be the answer of a moment ago.
    await untilReady();
    gate.freeze();
    try {
      assert.equal((await ask("/health/live")).status, 200);
      // On a busy machine the disk, too, may take too long for once.
      await until("it is called unready, for its database alone", async () => {
        const { status, body } = await ask("/health/ready");
        return status === 503 && body.checks.database === "failed" && body.checks.storage === "ok";
      });
      assert.equal((await ask("/health/startup")).status, 503);
      assert.equal((await ask("/api/health/database")).status, 500);
      await until("the details say the same", async () => {
        const { status, body } = await ask("/health/detailed");
        const { database, storage } = body.checks as Record<string, { status: string }>;
        return status === 503 && database.status === "unhealthy" && storage.status === "healthy";
      });
    } finally {
      gate.open();
    }
    await untilReady();
  });
});
