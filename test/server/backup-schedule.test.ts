import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createBackups } from "../../server/services/backups/backups.ts";
import { pastTime } from "../../server/services/backups/retention.ts";
import { createScheduler } from "../../server/services/backups/scheduler.ts";
import { signerOf } from "../../server/services/backups/signing-keys.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { backupStatus, listBackups } from "../support/backups.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const SCHEDULE = { dailyHour: 2, weeklyDay: 0 };
const MINUTE_MS = 60_000;

let database: TestDatabase;
let app: TestApp;
before(async () => {
  database = await createTestDatabase();
  // Who only serves has no timer of its own that joins in, whatever the hour is and however long the tests take.
  app = await startTestApp({ databaseUrl: database.url, env: { BACKUP_SCHEDULE: "on", ROLE: "web" } });
});
after(async () => {
  await app.dispose();
  await database.dispose();
});

/** Replicas of one database whose clock the test moves. */
function replicas(
  from: string,
  {
    isRunning = () => true,
    isBroken = () => false,
  }: Partial<Record<"isRunning" | "isBroken", () => boolean>> = {},
) {
  const clock = { ms: Date.parse(from) };
  const now = () => new Date(clock.ms);
  const one = () => {
    const { records, storage, logger, version, secrets, backups: own } = app.context;
    const signer = signerOf(app.config, secrets);
    const target = {
      ...own.target,
      put: (...args: Parameters<typeof own.target.put>) =>
        isBroken() ? Promise.reject(new Error("The place is gone.")) : own.target.put(...args),
    };
    const backups = createBackups({
      url: database.url,
      records,
      storage,
      target,
      signer,
      logger,
      version,
      config: app.config.backup,
      now,
      running: new Set(),
      stopping: new AbortController().signal,
    });
    return createScheduler({ backups, records, logger, schedule: SCHEDULE, isRunning, now });
  };
  return {
    both: [one(), one()],
    at(text: string) {
      clock.ms = Date.parse(text);
    },
    later(minutes: number) {
      clock.ms += minutes * MINUTE_MS;
    },
    async tick() {
      await Promise.all(this.both.map((replica) => replica.tick()));
      const rows = await app.context.records.BackupRun.findAll({ order: [["startedAt", "ASC"]] });
      return rows.map(({ kind, state, verifiedOk }) => `${kind} ${state}${verifiedOk ? " verified" : ""}`);
    },
  };
}

beforeEach(async () => {
  await app.context.records.BackupRun.destroy({ where: {} });
  for (const { filename } of await listBackups(app)) {
    await app.context.backups.remove(filename, {
      force: true,
      by: { caller: null, requestId: null, address: null, userAgent: null },
    });
  }
});

test("two replicas make each backup once, at its time, and verify it", async () => {
  const set = replicas("2026-11-22T23:00:00Z");
  // What came before this installation is made up for at once, some minutes after the start.
  assert.deepEqual(await set.tick(), []);
  set.later(6);
  const first = ["weekly succeeded verified"];
  assert.deepEqual(await set.tick(), first);
  set.at("2026-11-23T01:59:59Z");
  assert.deepEqual(await set.tick(), first);
  set.at("2026-11-23T02:00:00Z");
  const second = [...first, "daily succeeded verified"];
  assert.deepEqual(await set.tick(), second);
  set.later(20);
  assert.deepEqual(await set.tick(), second);
  set.at("2026-11-23T03:00:01Z");
  const third = [...second, "weekly succeeded verified"];
  assert.deepEqual(await set.tick(), third);
  set.at("2026-11-24T01:00:00Z");
  assert.deepEqual(await set.tick(), third);
});

test("a backup that fails is tried again after a while, and given up after three times", async () => {
  let isBroken = true;
  const set = replicas("2026-11-24T01:50:00Z", { isBroken: () => isBroken });
  await app.context.records.BackupRun.bulkCreate(
    ["daily", "weekly"].map((kind, index) => ({
      id: `01a200ae-0000-7000-8000-00000000000${index}`,
      task: "create" as const,
      kind: kind as "daily" | "weekly",
      state: "succeeded" as const,
      step: "cleaning" as const,
      startedAt: new Date("2026-11-23T03:00:00Z"),
      finishedAt: new Date("2026-11-23T03:01:00Z"),
    })),
  );
  const failures = async () => (await set.tick()).filter((line) => line === "daily failed").length;
  set.at("2026-11-24T02:00:00Z");
  assert.equal(await failures(), 1);
  set.at("2026-11-24T02:20:00Z");
  assert.equal(await failures(), 1);
  set.at("2026-11-24T02:31:00Z");
  assert.equal(await failures(), 2);
  set.at("2026-11-24T03:30:00Z");
  assert.equal(await failures(), 3);
  set.at("2026-11-24T08:00:00Z");
  assert.equal(await failures(), 3);
  isBroken = false;
  set.at("2026-11-25T02:00:00Z");
  assert.equal((await set.tick()).at(-1), "daily succeeded verified");
});

test("nothing is made while administrators have stopped the schedule, which the status says", async () => {
  const { switches } = app.context;
  await switches.set("backupSchedule", { running: false });
  const set = replicas("2026-11-24T01:50:00Z", { isRunning: () => switches.get("backupSchedule").running });
  set.at("2026-11-24T02:10:00Z");
  assert.deepEqual(await set.tick(), []);
  const { schedule } = await backupStatus(app);
  assert.deepEqual(schedule, { state: "stopped", dailyHour: 2, weeklyDay: 0, next: null });
});

test("backups older than the retention go, the last verified one and the newest never", () => {
  const now = new Date("2026-11-22T02:05:00Z");
  const named = (day: string, isLastVerified = false) => ({
    filename: day,
    createdAt: `2026-11-${day}T02:00:00Z`,
    isLastVerified,
  });
  const cases: [Parameters<typeof pastTime>[0], string[]][] = [
    [[], []],
    [
      [named("22"), named("16"), named("15"), named("14")],
      ["15", "14"],
    ],
    [[named("22"), named("16"), named("10", true), named("09")], ["09"]],
    [[named("22", true), named("10")], ["10"]],
    // Nothing was made for weeks: the newest stays, verified or not.
    [[named("05"), named("04")], ["04"]],
    [[named("05"), named("04", true), named("03")], ["03"]],
  ];
  for (const [backups, expected] of cases) assert.deepEqual(pastTime(backups, now, 7), expected);
});

test("an overdue backup is announced for now, not for a time that has passed", async () => {
  const { switches } = app.context;
  await switches.set("backupSchedule", { running: true });
  const asked = Date.now();
  const { schedule } = await backupStatus(app);
  assert.equal(schedule.next?.kind, "weekly");
  assert.ok(Date.parse(schedule.next!.at) >= asked);
});
