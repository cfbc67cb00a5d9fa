import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Sequelize } from "sequelize";
import { connectDatabase } from "../../server/database/connect.ts";
import type { Logger } from "../../server/logger.ts";
import { defineRecords, type Records } from "../../server/models/records.ts";
import { startNotices } from "../../server/queue/notices.ts";
import { createMailer, type Mailer } from "../../server/services/mail/mailer.ts";
import { createAlertBook } from "../../server/services/monitor/alert-book.ts";
import { createNotifier } from "../../server/services/monitor/notify.ts";
import { RULES } from "../../server/services/monitor/rules.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type MailServer, startMailServer } from "../support/mail-server.ts";
import { type AlertReceiver, startAlertReceiver } from "../support/monitor/alert-receiver.ts";
import { type Seen, scriptedMonitor } from "../support/monitor/scripted-monitor.ts";
import { until } from "../support/until.ts";

const DOWN: Seen = { storage: { status: "unhealthy" } };
const WELL: Seen = {};
const EMAIL = "operator@example.com";
const DAY_MS = 86_400_000;

let database: TestDatabase;
let sequelize: Sequelize;
let records: Records;
let receiver: AlertReceiver;
let mail: MailServer;
let mailer: Mailer;
before(async () => {
  database = await createTestDatabase();
  sequelize = connectDatabase({
    url: database.url,
    pool: { max: 4, min: 0, acquireMs: 20_000, idleMs: 1000 },
  });
  records = defineRecords(sequelize);
  mail = await startMailServer();
  const logger = { error() {} } as unknown as Logger;
  mailer = createMailer({ url: mail.url, from: "photo-to-3d@example.com" }, { logger });
});
after(async () => {
  await mailer.dispose();
  await mail.dispose();
  await sequelize.close();
  await database.dispose();
});
beforeEach(async () => {
  receiver = await startAlertReceiver();
});
afterEach(async () => {
  await receiver.dispose();
  await sequelize.query("TRUNCATE alerts, health_samples, monitor_lease");
});

const toReceiver = () =>
  createNotifier({ webhookUrl: receiver.url, email: null, mailer: null, publicUrl: null });
const alerts = () => records.Alert.findAll({ order: [["openedAt", "ASC"]] });

/** Time passes for the lease, as if its holder had died long ago. */
const forgetHolder = () => sequelize.query("UPDATE monitor_lease SET until = now() - interval '1 second'");

describe("alerts", () => {
  it("are logged, kept and told once by webhook and by e-mail, and so is their end", async () => {
    const lines: string[] = [];
    const notifier = createNotifier({
      webhookUrl: receiver.url,
      email: EMAIL,
      mailer,
      publicUrl: "https://3d.example.com",
    });
    const monitor = scriptedMonitor({ records, notifier, lines });
    await monitor.sees(DOWN, 1);
    assert.deepEqual(receiver.told(), []);
    await monitor.sees(DOWN, 5);
    assert.deepEqual(receiver.told(), ["alert.opened storage.failing"]);
    await monitor.sees(WELL, 6);
    assert.deepEqual(receiver.told(), ["alert.opened storage.failing", "alert.resolved storage.failing"]);
    assert.deepEqual(lines, [
      "error Alert: Files can't be written or read",
      "warn Alert over: Files can't be written or read",
    ]);
    const [opened, resolved] = receiver.received;
    assert.equal(opened.url, "https://3d.example.com/admin/system");
    assert.equal(opened.id, `${opened.alert.id}:opened`);
    assert.equal(opened.alert.state, "open");
    assert.match(opened.alert.title.ru, /Файлы/);
    assert.equal(resolved.alert.id, opened.alert.id);
    assert.equal(resolved.alert.openedAt, opened.alert.openedAt);
    assert.equal(Date.parse(resolved.alert.resolvedAt!) - Date.parse(opened.alert.openedAt), 7 * 60_000);

    const letter = await mail.letterTo(EMAIL);
    assert.equal(
      letter.subject,
      "Photo to 3D: Files can't be written or read / Файлы не записываются или не читаются",
    );
    assert.match(
      letter.text!,
      /npm run doctor[\s\S]*Проверьте[\s\S]*https:\/\/3d\.example\.com\/admin\/system/,
    );
    assert.match((await mail.letterTo(EMAIL)).subject!, /^Photo to 3D: Over: Files/);
    assert.equal(mail.letters.length, 0);

    const [alert] = await alerts();
    assert.ok(alert.resolvedAt);
    assert.deepEqual(
      alert.notices.map(({ about, channel, sentAt, tries }) => [about, channel, sentAt !== null, tries]),
      [
        ["opened", "webhook", true, 1],
        ["opened", "email", true, 1],
        ["resolved", "webhook", true, 1],
        ["resolved", "email", true, 1],
      ],
    );
  });

  it("that nobody takes are told with a later look, in their order; the monitor goes on meanwhile", async () => {
    const lines: string[] = [];
    const monitor = scriptedMonitor({ records, notifier: toReceiver(), lines });
    receiver.answerWith(500);
    await monitor.sees(DOWN, 3);
    receiver.answerWith(302);
    await monitor.sees({ ...DOWN, host: { figures: { diskPercent: 99 } } }, 2);
    assert.deepEqual(receiver.told(), []);
    // One with each of four looks, and one of the disk with the last.
    assert.equal(receiver.refused(), 5);
    await monitor.sees(WELL, 3);
    receiver.answerWith(204);
    await monitor.sees(WELL, 3);
    assert.deepEqual(
      receiver.told().filter((told) => told.endsWith("storage.failing")),
      ["alert.opened storage.failing", "alert.resolved storage.failing"],
    );
    assert.deepEqual(
      receiver.told().filter((told) => told.endsWith("host.disk")),
      ["alert.opened host.disk"],
    );
    assert.equal(lines.filter((line) => line.includes("could not be told")).length, 2);
    assert.ok(!lines.join().includes("very-secret-token"));
    const [alert] = await alerts();
    assert.deepEqual(
      alert.notices.map(({ tries }) => tries),
      [8, 1],
    );
  });

  it("are given up after a day", async () => {
    const monitor = scriptedMonitor({ records, notifier: toReceiver() });
    receiver.answerWith(500);
    await monitor.sees(DOWN, 2);
    receiver.answerWith(204);
    monitor.at(new Date(Date.now() + 2 * DAY_MS));
    await monitor.sees(DOWN, 2);
    assert.deepEqual(receiver.told(), []);
    await monitor.sees(WELL, 3);
    assert.deepEqual(receiver.told(), ["alert.resolved storage.failing"]);
  });

  it("come again as new ones", async () => {
    const monitor = scriptedMonitor({ records, notifier: toReceiver() });
    for (let n = 0; n < 2; n++) {
      await monitor.sees(DOWN, 2);
      await monitor.sees(WELL, 3);
    }
    assert.equal(new Set((await alerts()).map(({ id }) => id)).size, 2);
    assert.equal(receiver.received.length, 4);
  });
});

describe("two replicas", () => {
  const pair = () => [
    scriptedMonitor({ records, notifier: toReceiver(), name: "one" }),
    scriptedMonitor({ records, notifier: toReceiver(), name: "two" }),
  ];

  it("leave the looks to one of them; the other takes over, with what is open, when that is gone", async () => {
    const [one, two] = pair();
    for (let n = 0; n < 3; n++) {
      assert.equal(await one.sees(DOWN), "looked");
      assert.equal(await two.sees(DOWN), "left to another");
    }
    assert.deepEqual(receiver.told(), ["alert.opened storage.failing"]);
    await forgetHolder();
    assert.equal(await two.sees(DOWN, 3), "looked");
    assert.equal(await one.sees(DOWN), "left to another");
    assert.deepEqual(receiver.told(), ["alert.opened storage.failing"], "it is known, and told already");
    await two.sees(WELL, 3);
    assert.deepEqual(receiver.told(), ["alert.opened storage.failing", "alert.resolved storage.failing"]);
  });

  it("hand over at once when one says goodbye", async () => {
    const [one, two] = pair();
    await one.sees(WELL);
    await two.release();
    assert.equal(await two.sees(WELL), "left to another", "only the holder can let go");
    await one.release();
    assert.equal(await two.sees(WELL), "looked");
  });

  it("hand over with the next look when one dies, for its session ends with it; a session nobody sees is none", async () => {
    const notices = await startNotices({ url: database.url, logger: { warn() {} } as unknown as Logger });
    const one = scriptedMonitor({ records, notifier: toReceiver(), name: "one", session: notices.session });
    const two = scriptedMonitor({ records, notifier: toReceiver(), name: "two", session: () => 2 ** 31 - 1 });
    assert.equal(await one.sees(WELL), "looked");
    assert.equal(await two.sees(WELL), "left to another");
    // What the system does with the connections of a process that is killed.
    await notices.dispose();
    await until("two looks", async () => (await two.sees(WELL)) === "looked");
    assert.equal(await one.sees(WELL), "left to another", "its time is not over");
  });

  it("that start at the same moment are one that looks", async () => {
    const outcomes = await Promise.all([...pair(), ...pair()].map((monitor) => monitor.sees(DOWN)));
    assert.deepEqual(outcomes.toSorted(), [
      "left to another",
      "left to another",
      "left to another",
      "looked",
    ]);
  });

  it("tell what the one that died could not", async () => {
    const [one, two] = pair();
    receiver.answerWith(503);
    await one.sees(DOWN, 2);
    await forgetHolder();
    receiver.answerWith(204);
    await two.sees(DOWN);
    assert.deepEqual(receiver.told(), ["alert.opened storage.failing"]);
  });

  it("never have two open alerts of the same, even if both believe to be the one", async () => {
    const books = [1, 2].map(() => createAlertBook({ records, channels: ["webhook"] }));
    const [rule] = RULES;
    for (const book of books)
      book.apply({ opened: [{ rule, value: 2, threshold: 0 }], resolved: [] }, new Date());
    await Promise.all(books.map((book) => book.save()));
    assert.equal((await alerts()).length, 1);
    assert.equal(books.flatMap((book) => book.pending(new Date())).length, 1, "one of them tells it");
    for (const book of books) await book.load(new Date());
    assert.deepEqual(
      books.map((book) => [...book.open()]),
      [[rule.key], [rule.key]],
    );
  });

  it("go on after the clock of the database was set back", async () => {
    const [one, two] = pair();
    await one.sees(WELL);
    await sequelize.query("UPDATE monitor_lease SET until = now() + interval '1 hour'");
    assert.equal(await two.sees(WELL), "looked");
  });
});

describe("what was seen", () => {
  const rows = async (condition = "true") => {
    const [found] = await sequelize.query(
      `SELECT at, is_mean, status, response_ms, max_response_ms, looks, figures FROM health_samples
        WHERE service = 'database' AND ${condition} ORDER BY at`,
    );
    return found as { at: Date; is_mean: boolean; looks: number; figures: Record<string, number> }[];
  };

  it("is one row of five minutes after a day, and gone after the retention", async () => {
    const monitor = scriptedMonitor({ records });
    const start = new Date("2026-03-01T00:00:00Z");
    const minutes = (n: number) => new Date(start.getTime() + n * 60_000);
    monitor.at(minutes(-1));
    for (const [responseMs, poolInUse, status] of [
      [10, 1, "healthy"],
      [20, 2, "unhealthy"],
      [30, 3, "healthy"],
      [40, 4, "healthy"],
      [100, 20, "degraded"],
      [7, 7, "healthy"],
    ] as const) {
      await monitor.sees({ database: { responseMs, status, figures: { poolInUse } } });
    }
    assert.equal((await rows()).length, 6);
    // Old ones are looked for at the start and once an hour.
    await monitor.release();
    const next = scriptedMonitor({ records });
    next.at(minutes(1440 + 6));
    await next.sees({});
    const [mean, sixth, newest] = await rows();
    assert.deepEqual(mean, {
      at: start,
      is_mean: true,
      status: "unhealthy",
      response_ms: 40,
      max_response_ms: 100,
      looks: 5,
      figures: { poolInUse: 6 },
    });
    assert.deepEqual([sixth.at, sixth.is_mean, sixth.looks], [minutes(5), false, 1]);
    assert.deepEqual(newest.at, minutes(1447));
    await next.release();
    const last = scriptedMonitor({ records });
    last.at(new Date(minutes(1).getTime() + 30 * DAY_MS));
    await last.sees({});
    assert.deepEqual(
      (await rows()).map(({ at }) => at),
      [minutes(5), minutes(1445), last.now()],
    );
  });

  it("says how it was, also of alerts: those that are over go with it", async () => {
    const monitor = scriptedMonitor({ records });
    await monitor.sees({ ...DOWN, host: { figures: { diskPercent: 99 } } }, 2);
    await monitor.sees({ host: { figures: { diskPercent: 99 } } }, 3);
    await monitor.release();
    const later = scriptedMonitor({ records });
    later.at(new Date(Date.now() + 31 * DAY_MS));
    await later.sees({ host: { figures: { diskPercent: 99 } } });
    assert.deepEqual(
      (await alerts()).map(({ key }) => key),
      ["host.disk"],
    );
  });
});
