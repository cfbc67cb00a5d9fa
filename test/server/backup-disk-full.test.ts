import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, it } from "node:test";
import { createFolderTarget } from "../../server/backup/folder-target.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { listBackups, putStored, runToEnd } from "../support/backups.ts";
import { limitFiles, mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";

const MEGABYTE = 1_000_000;

let root: string;
let disk: SmallDisk | null;
let app: TestApp;
before(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-test-"));
  disk = (await mountSmallDisk(root, 12 * MEGABYTE)) ?? (await limitFiles(root, () => process.pid));
  app = await startTestApp({ env: { BACKUP_DIR: path.join(disk?.folder ?? root, "backups") } });
});
after(async () => {
  await app.dispose();
  await disk?.dispose();
  await rm(root, { recursive: true, force: true });
});

it("leaves nothing of a backup that found no room, and nothing of others is lost", async () => {
  assert.ok(disk, "There is neither a disk to mount nor prlimit here.");
  await putStored(app, "models/one/original.glb", randomBytes(MEGABYTE / 2));
  const { filename } = await runToEnd(app, "/create");
  const place = createFolderTarget(path.join(disk.folder, "backups"));
  const kept = async () => (await Array.fromAsync(place.list(""))).map(({ key }) => key).sort();
  const before = await kept();

  for (const size of [0.5, 0.5, 1.5]) {
    await putStored(
      app,
      `models/${randomBytes(4).toString("hex")}/original.glb`,
      randomBytes(size * MEGABYTE),
    );
  }
  await disk.fill(1.2 * MEGABYTE);
  const failed = await runToEnd(app, "/create");
  assert.deepEqual([failed.state, failed.errorCode], ["failed", "disk-full"]);
  assert.deepEqual(await kept(), before);
  assert.deepEqual(
    (await listBackups(app)).map((backup) => backup.filename),
    [filename],
  );
  const verified = await runToEnd(app, `/verify/${filename}`);
  assert.equal(verified.state, "succeeded", verified.error ?? "");
  await disk.free();
  const made = await runToEnd(app, "/create", { verify: true });
  assert.equal(made.state, "succeeded", made.error ?? "");
});
