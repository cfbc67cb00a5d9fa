import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { fromBufferPromise } from "yauzl";
import { archiveBackup } from "../../server/services/backups/archive.ts";
import { type Member, makeMember, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { backupStatus, listBackups, postBackup, putStored, runToEnd } from "../support/backups.ts";
import { seriesReaches } from "../support/metrics-client.ts";
import { filesBelow } from "../support/stored-files.ts";

const LARGE = randomBytes(600_000);

let app: TestApp;
let admin: Member;
let user: Member;
before(async () => {
  app = await startAccountsApp();
  admin = await signIn(app);
  user = await makeMember(app);
  await putStored(app, "models/one/model.glb", LARGE);
  await putStored(app, "models/two/model.glb", LARGE);
  await putStored(app, "models/two/view.glb", "small");
});
after(() => app.dispose());

const deeds = async (action: string) =>
  (await app.context.records.AuditEntry.findAll({ where: { action }, order: [["id", "DESC"]] })).map(
    ({ details, actorId }) => ({ ...details, actorId }),
  );

test("a backup is made, verified, listed and counted, and its making is on record", async () => {
  const run = await runToEnd(admin, "/create", { verify: true });
  assert.equal(run.state, "succeeded");
  assert.equal(run.error, null);
  const [backup, ...others] = await listBackups(admin);
  assert.equal(others.length, 0);
  assert.equal(backup.filename, run.filename);
  assert.equal(backup.kind, "manual");
  assert.equal(backup.encrypted, false);
  assert.equal(backup.isLastVerified, true);
  assert.equal(backup.files, (await filesBelow(app.uploads)).length);
  assert.deepEqual(backup.verdict?.details, []);
  assert.equal(backup.verdict?.ok, true);
  assert.equal(backup.verdict?.scope, "restored");
  assert.equal(backup.verdict?.rows, backup.rows);
  assert.equal(backup.verdict?.files, backup.files);
  const status = await backupStatus(admin);
  assert.equal(status.current, null);
  assert.equal(status.lastVerifiedAt, backup.verdict?.at);
  assert.equal(status.schedule.state, "off");
  const asAdmin = { ...app, request: admin.request };
  const seconds = new Date(backup.verdict!.at).getTime() / 1000;
  await seriesReaches(asAdmin, seconds, "photo_to_3d_backup_last_verified_timestamp_seconds");
  await seriesReaches(asAdmin, backup.databaseBytes + backup.fileBytes, "photo_to_3d_backup_last_size_bytes");
  await seriesReaches(asAdmin, 1, "photo_to_3d_backup_runs_total", { task: "create", outcome: "succeeded" });
  assert.deepEqual(await deeds("backup.created"), [{ filename: run.filename, actorId: admin.userId }]);
});

/** All that is kept for backups, without the mark that tells whose place it is. */
async function keptFiles(): Promise<string[]> {
  const { target } = app.config.backup;
  const files = await filesBelow(target.kind === "folder" ? target.folder : "");
  return files.filter((file) => path.basename(path.dirname(file)) !== "owners");
}

test("the download holds every part, and equal files once", async () => {
  const [{ filename }] = await listBackups(admin);
  const answer = await admin.request(`/api/system/backup/${filename}`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-disposition")!, new RegExp(filename));
  const zip = await fromBufferPromise(Buffer.from(await answer.arrayBuffer()));
  const contents = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    contents.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  const kept = await keptFiles();
  assert.equal(contents.size, kept.length);
  const sha256 = createHash("sha256").update(LARGE).digest("hex");
  const copies = [...contents.keys()].filter((key) => path.basename(key) === sha256);
  assert.equal(copies.length, 1);
  assert.ok(contents.get(copies[0])!.equals(LARGE));
  for (const part of ["SHA256SUMS", "manifest.json", "manifest.sig", "verdict.json"])
    assert.ok(contents.has(`${filename}/${part}`));
  assert.equal((await deeds("backup.downloaded")).length, 1);
});

test("a download that is left in the middle leaves no file open", async () => {
  const { target } = app.context.backups;
  const [{ filename }] = await listBackups(admin);
  const opened: Readable[] = [];
  const watched = {
    ...target,
    async get(key: string) {
      opened.push(await target.get(key));
      return opened[opened.length - 1];
    },
  };
  const archive = archiveBackup(watched, filename);
  let bytes = 0;
  for await (const chunk of archive) {
    bytes += chunk.length;
    if (bytes > LARGE.length / 2) break;
  }
  assert.equal(archive.destroyed, true);
  for (const source of opened) if (!source.closed) await once(source, "close");
});

test("only administrators see backups, and only in person they take or delete them", async () => {
  const [{ filename }] = await listBackups(admin);
  const made = await admin.send("POST", "/api/v1/api-keys", {
    name: "robot",
    scopes: ["read", "write", "admin"],
  });
  assert.equal(made.status, 201, await made.clone().text());
  const { key } = (await made.json()) as { key: string };
  const robot = {
    request: (to: string, init?: RequestInit) =>
      app.request(to, { ...init, headers: { ...init?.headers, Authorization: `Bearer ${key}` } }),
  };
  assert.equal((await listBackups(robot)).length, 1);
  const one = `/api/system/backup/${filename}`;
  for (const method of ["GET", "DELETE"])
    assert.equal((await robot.request(one, { method })).status, 403, method);
  // The SQL of a stranger's backup is run only where a person says so.
  assert.equal((await postBackup(robot, `/verify/${filename}`, { foreign: true })).status, 403);
  for (const to of ["status", "list", "events", filename]) {
    assert.equal((await user.request(`/api/system/backup/${to}`)).status, 403, to);
    assert.equal((await app.request(`/api/system/backup/${to}`)).status, 401, to);
  }
  for (const to of ["/create", "/cancel", `/verify/${filename}`]) {
    assert.equal((await postBackup(user, to, {})).status, 403, to);
  }
});

test("what is no name of a backup is refused, and one that is not there not found", async () => {
  for (const name of [
    "..%2f..%2fetc%2fpasswd",
    "manifest.json",
    "2026-11-22T02-00-00Z-daily%2fmanifest.json",
    "files",
  ]) {
    for (const method of ["GET", "DELETE"]) {
      assert.equal((await admin.request(`/api/system/backup/${name}`, { method })).status, 400, name);
    }
    assert.equal((await postBackup(admin, `/verify/${name}`)).status, 400, name);
  }
  const absent = "/api/system/backup/2020-01-01T02-00-00Z-daily";
  assert.equal((await admin.request(absent)).status, 404);
  assert.equal((await admin.request(absent, { method: "DELETE" })).status, 404);
  assert.equal((await postBackup(admin, "/verify/2020-01-01T02-00-00Z-daily")).status, 404);
});

test("a schedule that the settings turn off can't be switched on", async () => {
  const answer = await postBackup(admin, "/schedule", { running: true });
  assert.equal(answer.status, 409);
  assert.equal(((await answer.json()) as { code: string }).code, "backup-schedule-off");
});

test("the last verified backup is only deleted with force; then its files go too", async () => {
  const verified = (await listBackups(admin))[0].filename;
  const second = await runToEnd(admin, "/create");
  const remove = (filename: string, query = "") =>
    admin.request(`/api/system/backup/${filename}${query}`, { method: "DELETE" });
  const refused = await remove(verified);
  assert.equal(refused.status, 409);
  assert.equal(((await refused.json()) as { code: string }).code, "backup-last-verified");
  assert.equal((await remove(second.filename!)).status, 204);
  assert.deepEqual(
    (await listBackups(admin)).map(({ filename }) => filename),
    [verified],
  );
  assert.equal((await remove(verified, "?force=true")).status, 204);
  assert.deepEqual(await listBackups(admin), []);
  assert.deepEqual(await keptFiles(), []);
  assert.equal((await deeds("backup.deleted")).length, 2);
});
