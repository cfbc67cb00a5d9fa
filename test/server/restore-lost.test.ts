import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { migrate } from "../../server/database/migrate.ts";
import { SERVER } from "../../server/services/audit.ts";
import { takeBackupLock } from "../../server/services/backups/lock.ts";
import { undoRestore } from "../../server/services/restore/decide.ts";
import type { RestoreDeps, RestorePoint } from "../../server/services/restore/deps.ts";
import { beginRestore } from "../../server/services/restore/run-restore.ts";
import { UnsettledRestore } from "../../server/services/restore/settle-failed.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto } from "../support/client.ts";
import { closeDatabase } from "../support/close-database.ts";
import { boxGlb } from "../support/make-glb.ts";
import { startOwnPostgres } from "../support/own-postgres.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";
import { until } from "../support/until.ts";

const BEFORE: RestorePoint[] = ["checked", "drained", "loaded", "brought-in", "noted", "placed"];
const AFTER: RestorePoint[] = ["swapped", "replaced"];

/** An installation with a backup and changes since: rows and files that come, go and have other bytes. */
async function withBackup(there: SmallInstallation) {
  const bench = await there.addModel("bench");
  const filename = await there.backUp();
  const saved = await there.fingerprint();
  await there.client.query("DELETE FROM models_3d WHERE id = $1", [bench.id]);
  await rm(path.join(there.uploads, bench.modelKey));
  await there.putFile(bench.photoKey, "other bytes");
  await there.addModel("table");
  return { filename, saved, changed: await there.fingerprint() };
}
type Backup = Awaited<ReturnType<typeof withBackup>>;

/** Restores, and does something to the world at a point of it. */
async function restore(
  there: SmallInstallation,
  { filename }: Backup,
  { point, disturb, ...deps }: { point: RestorePoint; disturb: () => unknown } & Partial<RestoreDeps>,
) {
  const atStep = async (name: RestorePoint) => {
    if (name === point) await disturb();
  };
  const { done } = await beginRestore({ ...there.deps, ...deps, atStep }, { filename, by: SERVER });
  return done;
}

const switchOf = async (there: SmallInstallation, key: string) =>
  (await there.client.query("SELECT value FROM system_state WHERE key = $1", [key])).rows[0]?.value ?? null;

/** Everything is as before, nothing is held, and why is told. */
async function assertOld(there: SmallInstallation, { filename, changed }: Backup, what: string) {
  assert.deepEqual(await there.fingerprint(), changed, what);
  assert.equal(await switchOf(there, "restore"), null, what);
  assert.equal((await switchOf(there, "restoreFailure")).filename, filename, what);
  const { rowCount } = await there.client.query("SELECT FROM pg_namespace WHERE nspname LIKE 'photo_to_3d%'");
  assert.equal(rowCount, 0, what);
}

/** The backup is in place with all its files, and waits for a decision; which takes it back. */
async function assertNew(there: SmallInstallation, { saved, changed }: Backup, what: string) {
  const now = await there.fingerprint();
  assert.deepEqual(now.rows, saved.rows, what);
  for (const [key, sha256] of Object.entries(saved.files)) assert.equal(now.files[key], sha256, what);
  assert.equal((await switchOf(there, "restore")).state, "restored", what);
  await undoRestore(there.deps, SERVER);
  assert.deepEqual(await there.fingerprint(), changed, what);
}

async function assertLockIsFree(there: SmallInstallation): Promise<void> {
  const lock = await takeBackupLock(there.url);
  assert.ok(lock);
  await lock.release();
}

describe("a restore that loses its database", () => {
  let there: SmallInstallation;
  let backup: Backup;
  before(async () => {
    there = await makeSmallInstallation();
    backup = await withBackup(there);
  });
  after(() => there.dispose());

  const cutAll = () =>
    there.client.query(
      `SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
        WHERE application_name = 'photo-to-3d backup' AND datname = current_database()`,
    );

  it("settles by itself, in the old state or the new one, whenever its connections are cut", async () => {
    for (const point of BEFORE) {
      await assert.rejects(restore(there, backup, { point, disturb: cutAll }), point);
      await assertOld(there, backup, point);
      await assertLockIsFree(there);
    }
    for (const point of AFTER) {
      assert.deepEqual(await restore(there, backup, { point, disturb: cutAll }), { toDecide: 0 });
      await assertNew(there, backup, point);
      await assertLockIsFree(there);
    }
    const { rows } = await there.client.query(
      "SELECT action, count(*)::int AS n FROM audit_log WHERE action LIKE 'backup.%' GROUP BY 1 ORDER BY 1",
    );
    assert.deepEqual(Object.fromEntries(rows.map(({ action, n }) => [action, n])), {
      "backup.restore-failed": BEFORE.length,
      "backup.restore-started": BEFORE.length + AFTER.length,
      "backup.restore-undone": AFTER.length,
      "backup.restored": AFTER.length,
    });
  });

  it("waits with that until the database lets it in again", async () => {
    let open: (() => Promise<void>) | undefined;
    const logger = {
      ...there.deps.logger,
      warn: async () => {
        // Once only: the next try may fail, too, before that has come about.
        const opening = open;
        open = undefined;
        await opening?.();
      },
    } as unknown as RestoreDeps["logger"];
    const client = there.client;
    const disturb = async () => {
      await client.end();
      open = await closeDatabase(there.url);
    };
    const done = restore(there, backup, { point: "placed", disturb, logger });
    await assert.rejects(done);
    assert.equal(open, undefined, "It was tried in vain before.");
    await there.reconnect();
    await assertOld(there, backup, "closed");
  });

  it("says that it is not settled where the process stops before; another process does it then", async () => {
    const stop = new AbortController();
    let open: (() => Promise<void>) | undefined;
    const logger = {
      ...there.deps.logger,
      warn: () => stop.abort(new Error("The server stops.")),
    } as unknown as RestoreDeps["logger"];
    const disturb = async () => {
      await there.client.end();
      open = await closeDatabase(there.url);
    };
    const done = restore(there, backup, { point: "placed", disturb, logger, stopping: stop.signal });
    await assert.rejects(done, UnsettledRestore);
    await open?.();
    await there.reconnect();
    assert.equal((await switchOf(there, "restore")).state, "running");
    assert.equal(await there.recover(), true);
    await assertOld(there, backup, "stopped");
  });
});

const DYING = path.resolve(import.meta.dirname, "../support/restore/dying-restore.ts");

/** Uploads that were let in before a restore began, of which this server has not heard yet, end in no other state. */
async function refusesLateUploads(there: SmallInstallation, app: TestApp): Promise<void> {
  const before = await there.fingerprint();
  const at = new Date().toISOString();
  await there.client.query("INSERT INTO system_state (key, value) VALUES ('restore', $1)", [
    JSON.stringify({ filename: "2026-01-01T00-00-00Z-manual", state: "running", step: "checking", at }),
  ]);
  const model = new FormData();
  model.set("file", new Blob([Uint8Array.from(await boxGlb([1, 1, 1]))]), "late.glb");
  const answers = [
    await postPhoto(app, photoForm(await readPhoto("sofa.jpg"))),
    await app.request("/api/v1/models", { method: "POST", body: model }),
  ];
  for (const answer of answers) {
    assert.deepEqual([answer.status, (await answer.json()).code], [503, "maintenance"]);
  }
  await there.client.query("DELETE FROM system_state WHERE key = 'restore'");
  assert.deepEqual(await there.fingerprint(), before);
}

describe("a restore whose process is killed while others serve", () => {
  it("is settled by one of the others", async () => {
    await using there = await makeSmallInstallation();
    await using app = await startTestApp({ databaseUrl: there.url, uploads: there.uploads });
    await refusesLateUploads(there, app);
    const backup = await withBackup(there);
    for (const point of ["placed", "swapped"] as const) {
      const args = [DYING, there.url, there.uploads, there.backups, backup.filename, point];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
      await once(child, "exit");
      // The file with other bytes is the last thing that is put in place, or back.
      const wanted = point === "placed" ? backup.changed : backup.saved;
      await until(`the state after a kill at ${point}`, async () => {
        const restoring = await switchOf(there, "restore");
        if (point === "placed") return restoring === null && (await switchOf(there, "restoreFailure"));
        const now = await there.fingerprint();
        return Object.entries(wanted.files).every(([key, sha256]) => now.files[key] === sha256);
      });
      if (point === "placed") await assertOld(there, backup, point);
      else await assertNew(there, backup, point);
    }
  });
});

describe("a restore whose server of PostgreSQL crashes and starts again", () => {
  it("leaves the old state or the new one, and nothing held", async () => {
    const folder = path.join(os.tmpdir(), `photo-to-3d-restore-crash-${process.pid}`);
    const postgres = await startOwnPostgres(folder);
    try {
      await migrate(postgres.url, { logger: { info() {} } });
      await using there = await makeSmallInstallation({ url: postgres.url, dispose: async () => undefined });
      const backup = await withBackup(there);
      for (const point of ["loaded", "swapped"] as const) {
        let isAway = false;
        const logger = {
          ...there.deps.logger,
          warn() {
            if (!isAway) return;
            isAway = false;
            void postgres.start();
          },
        } as unknown as RestoreDeps["logger"];
        const disturb = async () => {
          await there.client.end();
          await postgres.crash();
          isAway = true;
        };
        const done = restore(there, backup, { point, disturb, logger });
        if (point === "loaded") await assert.rejects(done);
        else await done;
        await there.reconnect();
        if (point === "loaded") await assertOld(there, backup, point);
        else await assertNew(there, backup, point);
      }
      await until("nobody is at the backups", async () => (await takeAndRelease(there.url)) !== null);
    } finally {
      await postgres.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function takeAndRelease(url: string) {
  const lock = await takeBackupLock(url);
  await lock?.release();
  return lock;
}
