import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { SERVER } from "../../../server/services/audit.ts";
import { takeBackupLock } from "../../../server/services/backups/lock.ts";
import { undoRestore } from "../../../server/services/restore/decide.ts";
import type { RestoreDeps, RestorePoint } from "../../../server/services/restore/deps.ts";
import { beginRestore } from "../../../server/services/restore/run-restore.ts";
import { until } from "../until.ts";
import type { SmallInstallation } from "./small-installation.ts";

/** An installation's backup and changes since: rows and files that come, go and have other bytes. */
export async function withBackup(there: SmallInstallation) {
  const bench = await there.addModel("bench");
  const filename = await there.backUp();
  const saved = await there.fingerprint();
  await there.client.query("DELETE FROM models_3d WHERE id = $1", [bench.id]);
  await there.removeFile(bench.modelKey);
  await there.putFile(bench.photoKey, "other bytes");
  await there.addModel("table");
  return {
    filename,
    saved,
    changed: await there.fingerprint(),
    addedKey: bench.modelKey,
    replacedKey: bench.photoKey,
  };
}
export type ChangedBackup = Awaited<ReturnType<typeof withBackup>>;

/** Restores, and does something to the world at a point of it. */
export async function restoreWith(
  there: SmallInstallation,
  { filename }: ChangedBackup,
  { point, disturb, ...deps }: { point: RestorePoint; disturb: () => unknown } & Partial<RestoreDeps>,
) {
  const atStep = async (name: RestorePoint) => {
    if (name === point) await disturb();
  };
  const { done } = await beginRestore({ ...there.deps, ...deps, atStep }, { filename, by: SERVER });
  return done;
}

export const switchOf = async (there: SmallInstallation, key: string) =>
  (await there.client.query("SELECT value FROM system_state WHERE key = $1", [key])).rows[0]?.value ?? null;

/** Everything is as before, nothing is held, and why is told. */
export async function assertOld(
  there: SmallInstallation,
  { filename, changed }: ChangedBackup,
  what: string,
) {
  assert.deepEqual(await there.fingerprint(), changed, what);
  assert.equal(await switchOf(there, "restore"), null, what);
  assert.equal((await switchOf(there, "restoreFailure")).filename, filename, what);
  const { rowCount } = await there.client.query("SELECT FROM pg_namespace WHERE nspname LIKE 'photo_to_3d%'");
  assert.equal(rowCount, 0, what);
}

/** The backup's rows and files are in place; what only the former state names may lie beside them. */
export async function assertInPlace(there: SmallInstallation, { saved }: ChangedBackup, what: string) {
  const now = await there.fingerprint();
  assert.deepEqual(now.rows, saved.rows, what);
  for (const [key, sha256] of Object.entries(saved.files)) assert.equal(now.files[key], sha256, what);
  assert.equal((await switchOf(there, "restore")).state, "restored", what);
}

/** The backup is in place with all its files, and waits for a decision; which takes it back. */
export async function assertNew(there: SmallInstallation, backup: ChangedBackup, what: string) {
  await assertInPlace(there, backup, what);
  await undoRestore(there.deps, SERVER);
  assert.deepEqual(await there.fingerprint(), backup.changed, what);
}

/** Waits until nobody is at the backups and restores. */
export const untilLockIsFree = (there: SmallInstallation) =>
  until("nobody is at the backups", async () => {
    const lock = await takeBackupLock(there.url);
    await lock?.release();
    return lock !== null;
  });

/** What a restore's process holds in the database is taken from it, as where its connections break. */
export const cutRestore = (there: SmallInstallation) =>
  there.client.query(
    `SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
      WHERE application_name LIKE 'photo-to-3d backup%' AND datname = current_database()`,
  );

/** Waits until a restore in a process of its own has told this point, on its standard output, and stopped itself there. */
export async function standsStillAt({ pid, stdout }: ChildProcess, point: RestorePoint): Promise<void> {
  let told = "";
  stdout?.setEncoding("utf8").on("data", (text) => {
    told += text;
  });
  await until(`it stands still at ${point}`, async () => {
    if (!told.split("\n").includes(point)) return false;
    return / T /.test(await readFile(`/proc/${pid}/stat`, "utf8"));
  });
}
