import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { createKeyPair } from "../../server/backup/age.ts";
import { sumOf } from "../../server/backup/bytes.ts";
import { createFolderTarget } from "../../server/backup/folder-target.ts";
import { makeBackup } from "../../server/backup/make-backup.ts";
import type { Manifest } from "../../server/backup/manifest.ts";
import {
  listBackups,
  openDatabaseDump,
  openFile,
  readFileList,
  readManifest,
  readOwnManifest,
} from "../../server/backup/read-backup.ts";
import { removeBackup, sweepTarget } from "../../server/backup/remove-backup.ts";
import { restoreDump } from "../../server/backup/restore-dump.ts";
import { intoFolder, restoreFiles } from "../../server/backup/restore-files.ts";
import type { BackupProgress, MakeBackupOptions, ReadBackupOptions } from "../../server/backup/types.ts";
import { verifyParts } from "../../server/backup/verify-parts.ts";
import { AppError } from "../../server/errors.ts";
import { createDiskStorage } from "../../server/storage/disk.ts";
import { fillHardRows } from "../support/backup/hard-rows.ts";
import { TEST_SIGNER } from "../support/backup/signers.ts";
import { createTestDatabase } from "../support/database.ts";
import { sha256Of } from "../support/sha256.ts";

const folder = await mkdtemp(path.join(os.tmpdir(), "backup-"));
const source = await createTestDatabase();
await fillHardRows(source.url);
const store = path.join(folder, "store");
const storage = createDiskStorage({ root: store });
const keys = await createKeyPair();
const small = await createTestDatabase();
let seconds = 0;
test.after(async () => {
  await small.dispose();
  await source.dispose();
  await rm(folder, { recursive: true });
});

const FILES: Record<string, Buffer> = {
  "input/ab/one.jpg": Buffer.from("a photo"),
  "input/ab/twin.jpg": Buffer.from("a photo"),
  "models/m1/model.glb": Buffer.alloc(6_000_000, "model\n\0"),
  "models/m1/empty.glb": Buffer.alloc(0),
};
for (const [key, bytes] of Object.entries(FILES)) await putFile(key, bytes);

async function putFile(key: string, bytes: Buffer): Promise<void> {
  await mkdir(path.dirname(path.join(store, key)), { recursive: true });
  await writeFile(path.join(store, key), bytes);
}

/** Every backup starts a second after the one before. */
const backUp = (targetFolder: string, more: Partial<MakeBackupOptions> = {}): Promise<Manifest> =>
  makeBackup({
    url: source.url,
    storage,
    target: createFolderTarget(targetFolder),
    kind: "manual",
    startedAt: new Date(Date.UTC(2026, 10, 22, 2, 0, seconds++)),
    productVersion: "1.2.3",
    recipient: null,
    bytesPerSecond: null,
    signer: TEST_SIGNER,
    ...more,
  });

/** Path below the folder → SHA-256 of the content. */
async function contentsOf(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) found[path.relative(root, file)] = sha256Of(await readFile(file));
  }
  return found;
}

test("how many files there will be is known from the rows that name them, until there are more", async () => {
  const files = async () => {
    const told: BackupProgress[] = [];
    const onProgress = (progress: BackupProgress) => void (progress.phase === "files" && told.push(progress));
    const target = path.join(folder, `progress ${seconds}`);
    await backUp(target, { url: small.url, onProgress });
    return told;
  };
  // Nothing but the mark of the installation is named yet.
  for (const { done, total } of await files()) assert.equal(total, done > 1 ? null : 1);
  const client = new pg.Client({ connectionString: small.url });
  await client.connect();
  await client.query(
    `INSERT INTO photos (id, sha256, key, media_type, bytes, width, height)
     SELECT gen_random_uuid(), 'sha-' || n, 'input/' || n, 'image/jpeg', 1, 1, 1 FROM generate_series(1, 3) n`,
  );
  await client.end();
  const told = await files();
  assert.ok(told.length >= 2);
  for (const { total } of told) assert.equal(total, 4);
  assert.equal(told.at(-1)?.done, 4);
});

for (const recipient of [null, keys.recipient]) {
  const kind = recipient ? "an encrypted backup" : "a plain backup";
  test(`${kind} gives back the same database and files`, async () => {
    const target = createFolderTarget(path.join(folder, kind));
    const made = await backUp(target.name, { recipient });
    const empty = await createTestDatabase({ migrated: false });
    const restored = path.join(folder, `${kind} restored`);
    try {
      const manifest = await readManifest(target, made.name);
      assert.deepEqual(manifest, made);
      assert.deepEqual(await listBackups(target), [made.name]);
      const { identity } = keys;
      await verifyParts({ target, manifest });
      const stream = await openDatabaseDump({ target, manifest, identity });
      const figures = await restoreDump({ url: empty.url, stream });
      assert.deepEqual(figures.tables, made.database.tables);
      await restoreFiles({ target, manifest, identity, take: intoFolder(restored) });
      assert.deepEqual(await contentsOf(restored), await contentsOf(store));
      const [before, after] = [store, restored].map((root) => stat(path.join(root, "input/ab/one.jpg")));
      assert.deepEqual((await after).mtime, (await before).mtime);
      assert.equal((await stat(target.name)).mode & 0o777, 0o700);
    } finally {
      await empty.dispose();
    }
  });
}

/** All that a restore reads, without looking at the parts first. */
async function readWhole(options: ReadBackupOptions): Promise<void> {
  const manifest = await readOwnManifest(options.target, options.manifest.name, { signer: TEST_SIGNER });
  await sumOf((await openDatabaseDump({ ...options, manifest })) as AsyncIterable<Uint8Array>);
  for await (const entry of readFileList(options.target, manifest)) {
    await sumOf(openFile({ ...options, manifest }, entry));
  }
}

test("of 100 random bits none may be another one, wherever it lies", async (t) => {
  const seed = Number(process.env.BACKUP_SEED ?? Date.now() % 1_000_000);
  t.diagnostic(`BACKUP_SEED=${seed}`);
  const random = randomNumbers(seed);
  for (const recipient of [null, keys.recipient]) {
    const target = createFolderTarget(path.join(folder, `flips ${recipient}`));
    const manifest = await backUp(target.name, { recipient, url: small.url });
    const options = { target, manifest, identity: keys.identity };
    await verifyParts(options);
    await readWhole(options);
    const emptySum = sha256Of(Buffer.alloc(0));
    const files = Object.entries(await contentsOf(target.name)).flatMap(([file, sum]) =>
      sum === emptySum ? [] : [file],
    );
    for (let flip = 0; flip < 50; flip++) {
      // Parts of the backup itself and contents of files alike, each of them at least some times.
      const file = path.join(target.name, files[flip % files.length]);
      const bytes = await readFile(file);
      const at = Math.floor(random() * bytes.length);
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1 << Math.floor(random() * 8);
      const where = `${file}, byte ${at}`;
      await writeFile(file, damaged);
      await assert.rejects(readWhole(options), isRefusal, where);
      // Who has signed it is the concern of whoever runs what it says.
      if (!file.endsWith(".sig")) await assert.rejects(verifyParts(options), isRefusal, where);
      // Whoever only reads leaves what is left of it.
      await writeFile(file, bytes);
    }
    await verifyParts(options);
  }
});

const isRefusal = (error: unknown) =>
  error instanceof AppError && ["backup-damaged", "backup-key", "backup-foreign"].includes(error.code);

/** Mulberry32: the same numbers from 0 to 1 for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("the next backup copies only what is new or was damaged, and what no backup names is swept", async () => {
  const target = createFolderTarget(path.join(folder, "increments"));
  const first = await backUp(target.name, { url: small.url });
  assert.deepEqual([first.files.count, first.files.copiedCount], [4, 3]);
  await putFile("models/m2/new.glb", Buffer.from("new"));
  await putFile("input/ab/one.jpg", Buffer.from("another photo"));
  const second = await backUp(target.name, { url: small.url });
  assert.deepEqual([second.files.count, second.files.copiedCount, second.files.copiedBytes], [5, 2, 16]);
  const [entry] = await Array.fromAsync(readFileList(target, second));
  await writeFile(path.join(target.name, entry.stored.key), "damaged");
  const removing = { target, manifest: second, removesDamaged: true };
  await assert.rejects(verifyParts(removing), { code: "backup-damaged" });
  const third = await backUp(target.name, { url: small.url });
  assert.equal(third.files.copiedCount, 1);
  await verifyParts({ target, manifest: third });
  await verifyParts({ target, manifest: second });

  await putFile("input/ab/one.jpg", FILES["input/ab/one.jpg"]);
  await rm(path.join(store, "models/m2"), { recursive: true });
  const last = await backUp(target.name, { url: small.url });
  const { signal } = new AbortController();
  for (const { name } of [first, second, third]) await removeBackup(target, name, signal);
  await mkdir(path.join(target.name, "2026-11-21T02-00-00Z-daily"));
  await writeFile(path.join(target.name, "2026-11-21T02-00-00Z-daily/database.sql.gz"), "unfinished");
  const lost = new AbortController();
  const whoLosesTheLock = {
    ...target,
    list(prefix: string) {
      // It is lost while the lists of the backups are read.
      if (prefix === "files/") lost.abort(new Error("lost"));
      return target.list(prefix);
    },
  };
  await assert.rejects(sweepTarget(whoLosesTheLock, lost.signal), /lost/);
  assert.deepEqual(await sweepTarget(target, signal), { contents: 2, bytes: 16 });
  assert.deepEqual((await readdir(target.name)).sort(), [last.name, "files"]);
  await verifyParts({ target, manifest: last });
});

test("an encrypted content that was damaged is encrypted anew, for backups from before too", async () => {
  const target = createFolderTarget(path.join(folder, "encrypted anew"));
  const making = { recipient: keys.recipient, url: small.url };
  const first = await backUp(target.name, making);
  const [entry] = await Array.fromAsync(readFileList(target, first));
  const file = path.join(target.name, entry.stored.key);
  await writeFile(file, (await readFile(file)).subarray(0, -1));
  const second = await backUp(target.name, making);
  const { identity } = keys;
  await readWhole({ target, manifest: second, identity });
  // The former one noted other bytes; they are not taken away from the latter.
  const former = { target, manifest: first, removesDamaged: true };
  await assert.rejects(verifyParts(former), { code: "backup-damaged" });
  await verifyParts({ target, manifest: second });
  await verifyParts({ ...former, identity });
  await readWhole({ target, manifest: first, identity });
});

test("an interrupted backup leaves no part, and contents that the next one finds", async () => {
  const target = createFolderTarget(path.join(folder, "interrupted"));
  for (const phase of ["database", "files"]) {
    const stop = new AbortController();
    const reason = new Error("enough");
    const onProgress = (progress: BackupProgress) => progress.phase === phase && stop.abort(reason);
    await assert.rejects(backUp(target.name, { signal: stop.signal, onProgress }), reason);
    assert.deepEqual(await listBackups(target), []);
    const left = (await readdir(target.name)).filter((name) => !["files", ".incoming"].includes(name));
    assert.deepEqual(left, []);
    assert.deepEqual(await readdir(path.join(target.name, ".incoming")), []);
  }
  await assert.rejects(readManifest(target, "../../etc/passwd"), { code: "backup-missing" });
});

test("a place that takes nothing leaves no connection with a snapshot behind", async () => {
  const client = new pg.Client({ connectionString: small.url });
  await client.connect();
  try {
    // More than what is packed ahead of whoever takes it.
    await client.query(
      "CREATE TABLE noise AS SELECT gen_random_uuid() AS id, gen_random_uuid() AS other FROM generate_series(1, 20000)",
    );
    const target = createFolderTarget(path.join(store, "input/ab/one.jpg", "below-a-file"));
    await assert.rejects(backUp("", { target, url: small.url }), { code: "backup-target-refused" });
    // The server notices the end of a connection in its own time.
    for (let open = 1; open > 0; await sleep(50)) {
      const { rows } = await client.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'photo-to-3d backup'`,
      );
      open = rows[0].open;
    }
  } finally {
    await client.query("DROP TABLE IF EXISTS noise");
    await client.end();
  }
});

test("a forged list names nothing but contents, so that none of another backup is taken for one", async () => {
  const target = createFolderTarget(path.join(folder, "forged"));
  const manifest = await backUp(target.name, { url: small.url });
  const [entry] = await Array.fromAsync(readFileList(target, manifest));
  for (const key of [`${manifest.name}/SHA256SUMS`, "../../etc/passwd", "files/plain/../../x"]) {
    const list = gzipSync(`${JSON.stringify({ ...entry, stored: { ...entry.stored, key } })}\n`);
    await writeFile(path.join(target.name, manifest.name, manifest.files.name), list);
    const files = { ...manifest.files, bytes: list.length, sha256: sha256Of(list) };
    await assert.rejects(Array.fromAsync(readFileList(target, { ...manifest, files })), {
      code: "backup-damaged",
    });
  }
});

test("another secret key opens nothing", async () => {
  const target = createFolderTarget(path.join(folder, "keys"));
  const manifest = await backUp(target.name, { recipient: keys.recipient, url: small.url });
  const { identity } = await createKeyPair();
  for (const wrong of [identity, undefined, "nonsense"]) {
    const options = { target, manifest, identity: wrong };
    await assert.rejects(sumOf((await openDatabaseDump(options)) as AsyncIterable<Uint8Array>), {
      code: "backup-key",
    });
  }
});
