import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Sequelize } from "sequelize";
import { v7 as newId } from "uuid";
import { createFolderTarget } from "../../server/backup/folder-target.ts";
import { makeBackup } from "../../server/backup/make-backup.ts";
import { connectDatabase } from "../../server/database/connect.ts";
import type { Finding, Patient } from "../../server/doctor/check.ts";
import { backups } from "../../server/doctor/checks/backups.ts";
import { cache } from "../../server/doctor/checks/cache.ts";
import { clock } from "../../server/doctor/checks/clock.ts";
import { database as databaseCheck } from "../../server/doctor/checks/database.ts";
import { disk } from "../../server/doctor/checks/disk.ts";
import { redis } from "../../server/doctor/checks/redis.ts";
import { tokens } from "../../server/doctor/checks/tokens.ts";
import { defineRecords } from "../../server/models/records.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { writeVerdict } from "../../server/services/backups/catalogue.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { TEST_SIGNER } from "../support/backup/signers.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const HOUR_MS = 3_600_000;

let server: TestDatabase;
let app: TestApp;
let sequelize: Sequelize;
let folder: string;
/** What the checks look at: the running test app, which listens where `listen` says. */
let patient: Patient;
before(async () => {
  server = await createTestDatabase();
  app = await startTestApp({ databaseUrl: server.url });
  // Else the start's may clear up what a check is to find.
  await app.context.switches.set("housekeeping", { running: false });
  folder = await mkdtemp(path.join(os.tmpdir(), "doctor-parts-"));
  sequelize = connectDatabase({
    url: server.url,
    pool: { max: 1, min: 1, acquireMs: 60_000, idleMs: 60_000 },
  });
  const { hostname: host, port } = new URL(app.url);
  patient = {
    config: {
      ...app.config,
      listen: { host, port: Number(port) },
      dataFolder: path.join(folder, "data"),
      backup: { ...app.config.backup, target: { kind: "folder", folder: path.join(folder, "backups") } },
    },
    warnings: [],
    database: { sequelize, records: defineRecords(sequelize), isMigrated: true },
    databaseError: null,
  };
});
after(async () => {
  await sequelize?.close();
  await app?.dispose();
  await server?.dispose();
  await rm(folder, { recursive: true, force: true });
});

const said = (findings: Finding[]) =>
  findings.map(({ status, message, cure }) => `${status}: ${message} -> ${cure}`).join("\n");

test("a host that only another network knows is told by its name, with where to find the right one", async () => {
  const unknown = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
  const look = async (host: string, error: Error = Object.assign(new Error("x"), { parent: unknown })) => {
    const config = {
      ...patient.config,
      database: { kind: "url", url: `postgres://me:secret@${host}:5432/db` },
    };
    const lost = { config, warnings: [], database: null, databaseError: error } as unknown as Patient;
    return said(await databaseCheck.run(lost));
  };
  assert.match(
    await look("postgres.railway.internal"),
    /Railway's private network.*-> .*DATABASE_PUBLIC_URL/,
  );
  assert.match(await look("db.prod.svc.cluster.local"), /private network.*-> Run this inside/);
  assert.match(await look("postgres"), /docker compose.*-> .*127\.0\.0\.1/);
  assert.match(
    await look("db.example.com"),
    /nobody here knows that name.*-> .*getent hosts db\.example\.com/,
  );
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  assert.match(await look("db.example.com", refused), /can't be reached.*-> Start it/);
  const closed = Object.assign(new Error("permission denied for table SequelizeMeta"), { code: "42501" });
  assert.match(
    await look("db.example.com", closed),
    /permission denied.*-> Make the user of DATABASE_URL the owner/,
  );
  const config = { ...patient.config, redis: { url: "redis://nobody.invalid:1", socketTimeoutMs: 10_000 } };
  assert.match(said(await redis.run({ ...patient, config } as Patient)), /^problem: .*-> .*memory\.$/);
});

test("the database's version, encryption, rights and tables are told", async () => {
  const whole = said(await databaseCheck.run(patient));
  assert.match(whole, /ok: PostgreSQL \d+.* the connection is not encrypted/);
  assert.match(whole, /ok: All \d+ tables are there, and may be changed/);
  assert.match(whole, /ok: All migrations have run/);
  const role = `doctor_${randomBytes(6).toString("hex")}`;
  await sequelize.query(`CREATE ROLE ${role}`);
  try {
    await sequelize.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    await sequelize.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
    await sequelize.query(`SET ROLE ${role}; SET default_transaction_read_only = on`);
    const poor = said(await databaseCheck.run(patient));
    assert.match(poor, /problem: The database takes no changes.*-> .*primary/);
    assert.match(poor, /problem: .*may not make tables.*-> GRANT CREATE ON SCHEMA public/);
    assert.match(poor, /problem: .*no queue.*-> GRANT CREATE ON DATABASE/);
    assert.match(poor, /problem: .*may not read or change: .*models_3d.*-> Make the product's/);
    assert.doesNotMatch(poor, /tried out/, "nobody makes backups here");
    const schedule = { dailyHour: 2, weeklyDay: 0 };
    const scheduled = { ...patient.config, backup: { ...patient.config.backup, schedule } };
    const unproven = said(await databaseCheck.run({ ...patient, config: scheduled }));
    assert.match(unproven, /warning: .*can not be tried out.*-> .*ALTER ROLE .* CREATEDB/);
    assert.match(poor, /warning: .*no backup could be restored.*-> GRANT CREATE ON DATABASE/);
  } finally {
    await sequelize.query("RESET default_transaction_read_only; RESET ROLE");
    await sequelize.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
  await sequelize.query("ALTER TABLE shares RENAME TO shares_away");
  try {
    assert.match(said(await databaseCheck.run(patient)), /problem: Tables are missing: shares\..*-> Restore/);
  } finally {
    await sequelize.query("ALTER TABLE shares_away RENAME TO shares");
  }
});

test("a clock is told to be wrong by what it is off for sure, not by how long an answer took", async (t) => {
  const SECOND_MS = 1000;
  const clocks = { here: Date.now() };
  t.mock.method(Date, "now", () => clocks.here);
  const look = async (aheadMs: number, answerMs: number) => {
    const query = async () => {
      const at = clocks.here + aheadMs;
      clocks.here += answerMs;
      return [{ at }];
    };
    return said(await clock.run({ ...patient, database: { sequelize: { query } } } as unknown as Patient));
  };
  assert.match(await look(0, 0), /^ok: /);
  assert.match(await look(0, 60 * SECOND_MS), /^ok: /);
  assert.match(await look(-10 * SECOND_MS, 60 * SECOND_MS), /^warning: .* by 10 s\..*-> .*NTP/);
  assert.match(await look(70 * SECOND_MS, 60 * SECOND_MS), /^warning: .* by 10 s\./);
  assert.match(await look(100 * SECOND_MS, 0), /^problem: .* by 100 s\./);
});

test("the cache of a running server is told, and nothing where none runs", async () => {
  for (let turn = 0; turn < 2; turn += 1) await (await fetch(`${app.url}/api/v1/tags`)).arrayBuffer();
  assert.match(said(await cache.run(patient)), /^ok: Answered from the cache: .*user-data \d+ % of 2/);
  const listen = { host: "127.0.0.1", port: 9 };
  assert.match(said(await cache.run({ ...patient, config: { ...patient.config, listen } })), /^skipped:/);
});

test("a data folder is written and brought to the disk; one that can't be is a problem", async () => {
  assert.match(said(await disk.run(patient)), /^(ok: .*DATA_DIR.*can be written|warning: Only)/);
  const file = path.join(folder, "file");
  await writeFile(file, "");
  const config = { ...patient.config, dataFolder: path.join(file, "data") };
  assert.match(said(await disk.run({ ...patient, config })), /^problem: .*DATA_DIR.*-> .*set DATA_DIR/);
});

test("access tokens are made and read, and refusals that are left over are told", async () => {
  assert.match(said(await tokens.run(patient)), /^skipped:/);
  const secrets = { ...patient.config.secrets, jwt: "kF7pQ2xV9sLd4WmZ8tRb1NcYh5GjUe3A" };
  const access = { kind: "accounts", registration: "closed", admin: null } as const;
  const open = { ...patient, config: { ...patient.config, access, secrets } };
  await sequelize.query(
    `INSERT INTO revoked_tokens (jti, expires_at) VALUES ('${newId()}', now() + interval '5 minutes')`,
  );
  assert.match(said(await tokens.run(open)), /^ok: They can be made and read; 1 are refused/);
  await sequelize.query(
    `INSERT INTO revoked_tokens (jti, expires_at) VALUES ('${newId()}', now() - interval '3 days')`,
  );
  assert.match(said(await tokens.run(open)), /^warning: 1 refused tokens.*-> .*housekeeping/);
});

test("where backups are kept is tried out, and the age of the last verified one told", async () => {
  const look = async (at: Patient = patient) =>
    said((await backups.run(at)).filter(({ message }) => !message.includes("MiB are free")));
  assert.match(await look(), /^ok: .*there is no backup yet/);
  await sequelize.query(
    `INSERT INTO models_3d (id, user_id, name, dimensions, stats, created_at)
     VALUES ('${newId()}', '${LOCAL_USER_ID}', 'Old', '{}', '{}', now() - interval '9 days')`,
  );
  assert.match(await look(), /^warning: There is no backup.*-> Run npm run backup/);
  const target = createFolderTarget(path.join(folder, "backups"));
  const { name } = await makeBackup({
    url: server.url,
    storage: app.context.storage,
    target,
    kind: "daily",
    startedAt: new Date(),
    productVersion: app.context.version,
    recipient: null,
    bytesPerSecond: null,
    signer: TEST_SIGNER,
  });
  assert.match(await look(), /^warning: None of the 1 backups was restored and compared yet/);
  const verify = (hoursAgo: number) => {
    const at = new Date(Date.now() - hoursAgo * HOUR_MS).toISOString();
    const counts = { seconds: 1, tables: 1, rows: 1, files: 0, details: [] };
    return writeVerdict(target, name, { at, ok: true, scope: "restored", restoredAt: at, ...counts });
  };
  await verify(3);
  assert.match(await look(), new RegExp(`^ok: .*is ${name}, 3 hours ago, of 1`));
  await verify(80);
  assert.match(await look(), /^warning: .*80 hours ago.*-> Run npm run backup/);
  const file = path.join(folder, "no folder");
  await writeFile(file, "");
  const place = { kind: "folder", folder: path.join(file, "backups") } as const;
  const config = { ...patient.config, backup: { ...patient.config.backup, target: place } };
  assert.match(await look({ ...patient, config }), /^problem: Backups can't be kept.*-> Let the product's/);
});
