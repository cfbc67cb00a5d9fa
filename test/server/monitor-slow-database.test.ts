import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import type { Sequelize } from "sequelize";
import { connectDatabase } from "../../server/database/connect.ts";
import { defineRecords, type Records } from "../../server/models/records.ts";
import { createAlertBook } from "../../server/services/monitor/alert-book.ts";
import { createNotifier } from "../../server/services/monitor/notify.ts";
import { RULES } from "../../server/services/monitor/rules.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { startAlertReceiver } from "../support/monitor/alert-receiver.ts";
import { type Seen, scriptedMonitor } from "../support/monitor/scripted-monitor.ts";
import { until } from "../support/until.ts";

const DOWN: Seen = { storage: { status: "unhealthy" } };
const WELL: Seen = {};

describe("alerts that a busy database takes late", () => {
  let database: TestDatabase;
  let sequelize: Sequelize;
  let records: Records;
  let client: pg.Client;
  before(async () => {
    database = await createTestDatabase();
    const pool = { max: 8, min: 0, acquireMs: 60_000, idleMs: 1000 };
    sequelize = connectDatabase({ url: database.url, pool });
    records = defineRecords(sequelize);
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  after(async () => {
    await client.end();
    await sequelize.close();
    await database.dispose();
  });

  /** From here on alerts can be read, and are not written before `COMMIT`. */
  const holdWrites = () => client.query("BEGIN; LOCK TABLE alerts IN EXCLUSIVE MODE");
  const waiting = async () => {
    const { rows } = await client.query(
      "SELECT FROM pg_locks WHERE NOT granted AND relation = 'alerts'::regclass",
    );
    return rows.length;
  };

  const monitorThatTells = (webhookUrl: string) => {
    const notifier = createNotifier({ webhookUrl, email: null, mailer: null, publicUrl: null });
    return scriptedMonitor({ records, notifier, patienceMs: 500 });
  };

  it("are written once, with what was told while they were being written", async () => {
    const book = createAlertBook({ records, channels: ["webhook"] });
    const [rule] = RULES;
    book.apply({ opened: [{ rule, value: 2, threshold: 0 }], resolved: [] }, new Date());
    await holdWrites();
    const first = book.save();
    await until("it is being written", async () => (await waiting()) === 1);
    const [{ alert, notices }] = book.pending(new Date());
    book.noteTry(alert, notices[0], new Date());
    const second = book.save();
    await client.query("COMMIT");
    await Promise.all([first, second]);
    await book.load(new Date());
    assert.deepEqual([...book.open()], [rule.key]);
    assert.deepEqual(book.pending(new Date()), [], "nobody is told again");
    await sequelize.query("TRUNCATE alerts");
  });

  it("are not forgotten for what was read before they came about", async () => {
    const book = createAlertBook({ records, channels: ["webhook"] });
    const [rule] = RULES;
    await client.query("BEGIN; LOCK TABLE alerts");
    const reading = book.load(new Date());
    await until("it is being read", async () => (await waiting()) === 1);
    book.apply({ opened: [{ rule, value: 2, threshold: 0 }], resolved: [] }, new Date());
    await client.query("COMMIT");
    await reading;
    assert.deepEqual([...book.open()], [rule.key]);
  });

  it("are told once where another process looked for all meanwhile", async () => {
    const receiver = await startAlertReceiver();
    try {
      const monitor = monitorThatTells(receiver.url);
      /** Gives the lease to another process, till then. */
      const leaseUntil = (end: string) =>
        sequelize.query(
          `UPDATE monitor_lease SET holder = gen_random_uuid(), session = NULL, until = ${end}`,
        );
      await until("it looks for all", async () => (await monitor.sees(WELL)) === "looked");
      await holdWrites();
      await monitor.sees(DOWN, 4);
      await leaseUntil("now() + interval '9 minutes'");
      await until("another one does", async () => (await monitor.sees(DOWN)) === "left to another");
      await leaseUntil("'-infinity'");
      await until("it does again", async () => (await monitor.sees(DOWN)) === "looked");
      await monitor.sees(DOWN, 4);
      await client.query("COMMIT");
      await until("all is written", async () => {
        await monitor.sees(DOWN);
        return (await records.Alert.count()) > 0;
      });
      assert.deepEqual(receiver.told(), ["alert.opened storage.failing"]);
      await sequelize.query("TRUNCATE alerts");
      await monitor.release();
    } finally {
      await receiver.dispose();
    }
  });

  it("are told once, and so is their end", async () => {
    const receiver = await startAlertReceiver();
    try {
      const monitor = monitorThatTells(receiver.url);
      await until("it looks for all", async () => (await monitor.sees(WELL)) === "looked");
      await holdWrites();
      await monitor.sees(DOWN, 4);
      await monitor.sees(WELL, 5);
      await client.query("COMMIT");
      const told = ["alert.opened storage.failing", "alert.resolved storage.failing"];
      assert.deepEqual(receiver.told(), told);
      await until("it is written that it is over", async () => {
        await monitor.sees(WELL);
        return (await records.Alert.findOne())?.resolvedAt != null;
      });
      assert.deepEqual(receiver.told(), told);
    } finally {
      await receiver.dispose();
    }
  });
});
