import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { after, before, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { fetchDatabaseDump } from "../../server/backup/fetch-dump.ts";
import { contentKey, manifestText, sumsText } from "../../server/backup/layout.ts";
import type { Manifest } from "../../server/backup/manifest.ts";
import { readFileList, readManifest, readOwnManifest } from "../../server/backup/read-backup.ts";
import { SERVER } from "../../server/services/audit.ts";
import { verifyBackup } from "../../server/services/backups/verify-backup.ts";
import { undoRestore } from "../../server/services/restore/decide.ts";
import { beginRestore } from "../../server/services/restore/run-restore.ts";
import { createDiskStorage } from "../../server/storage/disk.ts";
import { anotherSigner, TEST_SIGNER } from "../support/backup/signers.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";
import { sha256Of } from "../support/sha256.ts";

const ROLE = `planted_${randomBytes(6).toString("hex")}`;

let there: SmallInstallation;
before(async () => {
  there = await makeSmallInstallation();
  await there.addModel("sofa");
});
after(async () => {
  await there.client.query(`DROP ROLE IF EXISTS ${ROLE}`);
  await there.dispose();
});

const partOf = (filename: string, name: string) => path.join(there.backups, filename, name);
const isPlanted = async () =>
  (await there.client.query("SELECT FROM pg_roles WHERE rolname = $1", [ROLE])).rowCount === 1;

/** A statement among those of the dump, with which all checksums agree again: what anybody who writes there could do. */
async function plant(filename: string): Promise<void> {
  const manifest = await readManifest(there.target, filename);
  const dump = partOf(filename, manifest.database.name);
  const text = gunzipSync(await readFile(dump)).toString();
  const planted = text.replace(/\n(-- [0-9a-f]{24} )copy\n/, `\n$1statement\nCREATE ROLE ${ROLE};\n$1copy\n`);
  assert.notEqual(planted, text);
  const bytes = gzipSync(planted);
  const database = { ...manifest.database, bytes: bytes.length, sha256: sha256Of(bytes) };
  await writeFile(dump, bytes);
  await writeManifest(filename, { ...manifest, database });
}

async function writeManifest(filename: string, manifest: Manifest): Promise<void> {
  await writeFile(partOf(filename, "manifest.json"), manifestText(manifest));
  await writeFile(partOf(filename, "SHA256SUMS"), sumsText(manifestText(manifest), manifest));
}

const restore = async (filename: string, foreign?: boolean) => {
  const { done } = await beginRestore(there.deps, { filename, foreign, by: SERVER });
  return done;
};
const verify = (filename: string, foreign?: boolean) =>
  verifyBackup({
    url: there.url,
    storage: createDiskStorage({ root: there.uploads }),
    target: there.target,
    signer: TEST_SIGNER,
    filename,
    foreign,
    removesDamaged: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });

it("runs nothing of a backup that was changed with all its checksums, unless somebody insists", async () => {
  const filename = await there.backUp();
  await plant(filename);
  const state = await there.fingerprint();
  await assert.rejects(restore(filename), { code: "backup-foreign" });
  await assert.rejects(verify(filename), { code: "backup-foreign" });
  assert.equal(await isPlanted(), false);
  assert.deepEqual(await there.fingerprint(), state);
  // What was refused would have been run.
  assert.equal((await verify(filename, true)).ok, true);
  assert.equal(await isPlanted(), true);
});

it("takes a backup of another installation, and one that is not signed, only where somebody says so", async () => {
  const others = await there.backUp(null, anotherSigner());
  const unsigned = await there.backUp();
  await rm(partOf(unsigned, "manifest.sig"));
  for (const filename of [others, unsigned]) {
    await assert.rejects(restore(filename), { code: "backup-foreign" });
    await restore(filename, true);
    await undoRestore(there.deps, SERVER);
  }
  // The row of a process that died; whoever has the lock knows that nobody is at it.
  await there.client.query(
    "INSERT INTO backup_runs (id, task, kind, state, step) VALUES (gen_random_uuid(), 'create', 'manual', 'running', 'files')",
  );
  await restore(await there.backUp());
  await undoRestore(there.deps, SERVER);
  const { rows } = await there.client.query("SELECT state, failure ->> 'code' AS code FROM backup_runs");
  assert.deepEqual(rows, [{ state: "failed", code: "internal" }]);
});

it("takes no backup for another one of the same installation", async () => {
  const [one, other] = [await there.backUp(), await there.backUp()];
  for (const name of ["manifest.json", "SHA256SUMS"]) {
    await writeFile(partOf(other, name), await readFile(partOf(one, name)));
  }
  await assert.rejects(readOwnManifest(there.target, other, { signer: TEST_SIGNER, foreign: true }), {
    code: "backup-damaged",
  });
});

it("gives out no statement of a dump that is changed behind its manifest", async () => {
  const filename = await there.backUp();
  const manifest = await readOwnManifest(there.target, filename, { signer: TEST_SIGNER });
  const folder = path.join(there.uploads, ".fetched");
  await plant(filename);
  await assert.rejects(fetchDatabaseDump({ target: there.target, manifest, folder }), {
    code: "backup-damaged",
  });
});

it("believes no list of files that another has written, which the next backup would sign", async () => {
  const { modelKey } = await there.addModel("chair");
  const filename = await there.backUp();
  const manifest = await readManifest(there.target, filename);
  const entries = await Array.fromAsync(readFileList(there.target, manifest));
  const entry = entries.find(({ key }) => key === modelKey)!;
  const other = Buffer.alloc(entry.bytes, "other");
  const sha256 = sha256Of(other);
  const stored = { key: contentKey(null, sha256), bytes: other.length, sha256 };
  await there.target.put(stored.key, Readable.from([other]));
  const lines = entries.map((one) => JSON.stringify(one === entry ? { ...one, sha256, stored } : one));
  const list = gzipSync(`${lines.join("\n")}\n`);
  await writeFile(partOf(filename, manifest.files.name), list);
  await writeManifest(filename, {
    ...manifest,
    files: { ...manifest.files, bytes: list.length, sha256: sha256Of(list) },
  });

  const next = await readManifest(there.target, await there.backUp());
  const known = await Array.fromAsync(readFileList(there.target, next));
  assert.equal(known.find(({ key }) => key === modelKey)?.sha256, entry.sha256);
});
