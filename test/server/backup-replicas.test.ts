import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import type { BackupStatus } from "../../server/contract/backup.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import {
  backupStatus,
  listBackups,
  postBackup,
  putStored,
  runToEnd,
  untilStatus,
} from "../support/backups.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { followEvents } from "../support/follow-events.ts";
import { startServer } from "../support/server-process.ts";
import { filesBelow } from "../support/stored-files.ts";

/** So slow that a backup of the file below never gets through it. */
const CRAWL = { BACKUP_BYTES_PER_SECOND: "1" };
const FILE = randomBytes(500_000);

let folder: string;
let database: TestDatabase;
let uploads: string;
let backups: string;
let quick: TestApp;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-test-"));
  database = await createTestDatabase();
  uploads = path.join(folder, "uploads");
  backups = path.join(folder, "backups");
  quick = await startTestApp({ databaseUrl: database.url, uploads, env: { BACKUP_DIR: backups } });
  await putStored(quick, "models/one/model.glb", FILE);
});
after(async () => {
  await quick.dispose();
  await database.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** All that is kept for backups, without the mark that tells whose place it is. */
const keptFiles = async () =>
  (await filesBelow(backups)).filter((file) => path.basename(path.dirname(file)) !== "owners");

const isAtFiles = ({ current }: BackupStatus) => current?.step === "files";

test("another replica sees a backup being made, makes none beside it, and can cancel it", async () => {
  const slow = await startTestApp({
    databaseUrl: database.url,
    uploads,
    env: { BACKUP_DIR: backups, ...CRAWL },
  });
  try {
    const begun = await postBackup(slow, "/create", {});
    assert.equal(begun.status, 202);
    const { id } = (await begun.json()) as { id: string };
    const events = await followEvents(quick, {}, "/api/system/backup/events");
    await events.until((status) => isAtFiles(status as never));
    await events.leave();
    assert.equal((await backupStatus(quick)).current?.id, id);
    for (const app of [quick, slow]) {
      for (const to of ["/create", "/verify/2026-11-22T02-00-00Z-daily"]) {
        const answer = await postBackup(app, to, to === "/create" ? {} : undefined);
        assert.ok([404, 409].includes(answer.status));
        if (to === "/create")
          assert.equal(((await answer.json()) as { code: string }).code, "backup-running");
      }
    }
    assert.deepEqual(await listBackups(quick), []);
    assert.equal((await postBackup(quick, "/cancel")).status, 200);
    const { last } = await untilStatus(slow, ({ current, last }) => current === null && last?.id === id);
    assert.equal(last?.state, "canceled");
    assert.equal(last?.error, null);
    assert.deepEqual(await keptFiles(), []);
  } finally {
    await slow.dispose();
  }
});

test("a replica that is stopped gives its backup up, and nothing half is left", async () => {
  const slow = await startTestApp({
    databaseUrl: database.url,
    uploads,
    env: { BACKUP_DIR: backups, ...CRAWL },
  });
  try {
    assert.equal((await postBackup(slow, "/create", {})).status, 202);
    await untilStatus(quick, isAtFiles);
  } finally {
    await slow.dispose();
  }
  const { current, last } = await backupStatus(quick);
  assert.equal(current, null);
  assert.equal(last?.state, "failed");
  assert.deepEqual(await keptFiles(), []);
});

test("a process that is killed in mid backup leaves none, and the next one can be made", async () => {
  const server = await startServer(folder, {
    DATABASE_URL: database.url,
    UPLOAD_DIR: uploads,
    BACKUP_DIR: backups,
    ...CRAWL,
  });
  try {
    const begun = await fetch(`${server.url}/api/system/backup/create`, { method: "POST" });
    assert.equal(begun.status, 202);
    await untilStatus(quick, isAtFiles);
  } finally {
    await server.kill();
  }
  assert.ok((await keptFiles()).length > 0, "the test kills it too early");
  await untilStatus(quick, ({ current }) => current === null);
  assert.deepEqual(await listBackups(quick), []);
  const next = await runToEnd(quick, "/create", { verify: true });
  assert.equal(next.state, "succeeded");
  const rows = await quick.context.records.BackupRun.findAll({ order: [["startedAt", "DESC"]], limit: 2 });
  assert.deepEqual(
    rows.map(({ state }) => state),
    ["succeeded", "failed"],
  );
  assert.match(rows[1].error!, /ended before its time/);
  const [backup, ...others] = await listBackups(quick);
  assert.equal(others.length, 0);
  assert.equal(backup.verdict?.ok, true);
  const folders = new Set((await keptFiles()).map((file) => path.relative(backups, file).split(path.sep)[0]));
  assert.deepEqual([...folders].sort(), [backup.filename, "files"].sort());
});
