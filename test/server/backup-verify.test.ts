import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { copyFile, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { createKeyPair } from "../../server/backup/age.ts";
import { manifestText, sumsText } from "../../server/backup/layout.ts";
import { type Manifest, manifestSchema } from "../../server/backup/manifest.ts";
import { restoreDump } from "../../server/backup/restore-dump.ts";
import type { BackupList } from "../../server/contract/backup.ts";
import { AppError } from "../../server/errors.ts";
import { createBackups } from "../../server/services/backups/backups.ts";
import { signerOf } from "../../server/services/backups/signing-keys.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { listBackups, postBackup, putStored, runToEnd } from "../support/backups.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const SMALL = "models/one/view.glb";
const CONTENT = randomBytes(5000);
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

let database: TestDatabase;
let app: TestApp;
let folder: string;
let filename: string;
before(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url });
  const { target } = app.config.backup;
  folder = target.kind === "folder" ? target.folder : "";
  await putStored(app, SMALL, CONTENT);
  await putStored(app, "models/one/model.glb", randomBytes(700_000));
  await make();
});
async function make() {
  filename = (await runToEnd(app, "/create")).filename!;
}
after(async () => {
  await app.dispose();
  await database.dispose();
});

const partOf = (name: string) => path.join(folder, filename, name);
const contentFile = () => path.join(folder, "files/plain", SHA256.slice(0, 2), SHA256);

/** Verifies the newest backup and gives what came of it. */
async function verified() {
  const run = await runToEnd(app, `/verify/${filename}`);
  const [{ verdict }] = await listBackups(app);
  assert.equal(run.task, "verify");
  assert.equal(run.filename, filename);
  return { run, verdict: verdict! };
}

async function isFoundBroken(words: RegExp) {
  const { run, verdict } = await verified();
  assert.equal(verdict.ok, false);
  assert.equal(verdict.restoredAt, null);
  assert.match(verdict.details.join("\n"), words);
  assert.equal(run.state, "failed");
  assert.match(run.error!, words);
}

/** What the newest backup's verdict says in Russian. */
async function detailsInRussian(): Promise<string> {
  const answer = await app.request("/api/system/backup/list", { headers: { "Accept-Language": "ru" } });
  const { items } = (await answer.json()) as BackupList;
  return items[0].verdict!.details.join("\n");
}

async function flipBit(file: string) {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(file, bytes);
}

/** Writes another manifest whose own checksums are right; answers how to put the former back. */
async function forge(change: (manifest: Manifest) => void) {
  const former = await Promise.all(
    ["manifest.json", "manifest.sig", "SHA256SUMS"].map((name) => readFile(partOf(name), "utf8")),
  );
  const manifest = manifestSchema.parse(JSON.parse(former[0]));
  change(manifest);
  const text = manifestText(manifest);
  await writeFile(partOf("manifest.json"), text);
  await writeFile(partOf("manifest.sig"), signerOf(app.config, app.context.secrets).sign(text));
  await writeFile(partOf("SHA256SUMS"), sumsText(text, manifest));
  return async () => {
    await writeFile(partOf("manifest.json"), former[0]);
    await writeFile(partOf("manifest.sig"), former[1]);
    await writeFile(partOf("SHA256SUMS"), former[2]);
  };
}

test("a whole backup is found whole", async () => {
  const { run, verdict } = await verified();
  assert.equal(run.state, "succeeded", run.error ?? "");
  assert.equal(verdict.ok, true);
  assert.equal(verdict.scope, "restored");
  assert.ok(verdict.tables > 20 && verdict.files >= 2);
});

test("a restore that is canceled before it reads the dump rejects, and ends nothing else", async () => {
  const canceled = AbortSignal.abort(new Error("Canceled."));
  const stream = Readable.from(["never read"]);
  const closed = new Promise((resolve) => stream.once("close", resolve));
  await assert.rejects(restoreDump({ url: database.url, stream, signal: canceled }), /Canceled/);
  await closed;
});

test("a row that is missing after restoring is noticed", async () => {
  const undo = await forge(({ database: { tables } }) => {
    tables.find(({ name }) => name.includes("backup_runs"))!.rows += 1;
  });
  await isFoundBroken(/backup_runs has \d+ rows instead of \d+/);
  assert.match(await detailsInRussian(), /^Строк в таблице public\.backup_runs: \d+, а не \d+\.$/);
  await undo();
});

test("a row that differs after restoring is noticed", async () => {
  const undo = await forge(({ database: { tables } }) => {
    tables.find(({ name }) => name.includes("backup_runs"))!.sha256 = "0".repeat(64);
  });
  await isFoundBroken(/Rows of the table .*backup_runs.* differ/);
  await undo();
});

test("a backup that this installation has not signed is tried out only where somebody says so", async () => {
  const signature = await readFile(partOf("manifest.sig"));
  assert.equal((await listBackups(app))[0].isForeign, false);
  await rm(partOf("manifest.sig"));
  const refused = await postBackup(app, `/verify/${filename}`);
  assert.deepEqual([refused.status, (await refused.json()).code], [409, "backup-foreign"]);
  assert.equal((await listBackups(app))[0].isForeign, true);
  const run = await runToEnd(app, `/verify/${filename}`, { foreign: true });
  assert.equal(run.state, "succeeded", run.error ?? "");
  await writeFile(partOf("manifest.sig"), signature);
});

test("a flipped bit of the dump, of the list of files or of a file is noticed", async () => {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(partOf("manifest.json"), "utf8")));
  for (const file of [partOf(manifest.database.name), partOf(manifest.files.name), contentFile()]) {
    const kept = `${file}-kept`;
    await copyFile(file, kept);
    await flipBit(file);
    await isFoundBroken(/not (those that were written|in the backup as it was written)/);
    await copyFile(kept, file);
    await rm(kept);
  }
});

test("a file that is missing or too short is noticed, and the next backup has it again", async () => {
  await writeFile(contentFile(), CONTENT.subarray(1));
  await isFoundBroken(/models\/one\/view\.glb is not in the backup as it was written/);
  await rm(contentFile());
  await isFoundBroken(/models\/one\/view\.glb is missing/);
  await make();
  assert.equal((await stat(contentFile())).size, CONTENT.length);
  assert.equal((await verified()).verdict.ok, true);
});

test("an encrypted backup is tried out when it is made, later its checksums are compared", async () => {
  const { recipient } = await createKeyPair();
  const other = await startTestApp({
    databaseUrl: database.url,
    uploads: app.uploads,
    env: { BACKUP_DIR: `${folder}-encrypted`, BACKUP_AGE_RECIPIENT: recipient },
  });
  try {
    const made = await runToEnd(other, "/create", { verify: true });
    assert.equal(made.state, "succeeded", made.error ?? "");
    const [first] = await listBackups(other);
    assert.equal(first.encrypted, true);
    assert.equal(first.verdict?.scope, "restored");
    assert.equal(first.verdict?.rows, first.rows);
    const again = await runToEnd(other, `/verify/${first.filename}`);
    assert.equal(again.state, "succeeded", again.error ?? "");
    const [second] = await listBackups(other);
    assert.equal(second.verdict?.scope, "checksums");
    assert.equal(second.verdict?.tables, 0);
    assert.equal(second.verdict?.restoredAt, first.verdict?.restoredAt);
    assert.equal(second.isLastVerified, true);
    await flipBit(path.join(`${folder}-encrypted`, first.filename, "database.sql.gz.age"));
    assert.equal((await runToEnd(other, `/verify/${first.filename}`)).state, "failed");
    assert.equal((await listBackups(other))[0].verdict?.ok, false);
  } finally {
    await other.dispose();
  }
});

test("a backup whose verification is cut short stays, is on record and says that it isn't verified", async () => {
  const { records, storage, logger, version, secrets, backups } = app.context;
  const stop = new AbortController();
  const target = {
    ...backups.target,
    async put(...args: Parameters<typeof backups.target.put>) {
      await backups.target.put(...args);
      // The last part: from here on there is a backup.
      if (args[0].endsWith("SHA256SUMS")) stop.abort(new AppError("canceled"));
    },
  };
  const cutShort = createBackups({
    url: database.url,
    records,
    storage,
    target,
    signer: signerOf(app.config, secrets),
    logger,
    version,
    config: app.config.backup,
    now: () => new Date(),
    running: new Set(),
    stopping: stop.signal,
  });
  const { done } = await cutShort.create({ kind: "manual", verify: true });
  const ended = await done;
  assert.equal(ended.state, "succeeded");
  assert.equal(ended.verifiedOk, null);
  const [kept] = await listBackups(app);
  assert.deepEqual([kept.filename, kept.verdict], [ended.filename, null]);
  const deeds = await records.AuditEntry.findAll({ where: { action: "backup.created" } });
  assert.ok(deeds.some(({ details }) => details.filename === ended.filename));
  for (const [language, words] of [
    ["en", /^The backup was made, but could not be verified: /],
    ["ru", /^Копия создана, но проверить её не удалось: [А-Я]/],
  ] as const) {
    const headers = { "Accept-Language": language };
    const { last } = await (await app.request("/api/system/backup/status", { headers })).json();
    assert.equal(last.errorCode, "canceled");
    assert.match(last.error, words);
  }
});

test("where no scratch database may be created a backup is made, and the run says that it isn't verified", async () => {
  const { sequelize } = app.context.records;
  const role = `bound_${randomBytes(4).toString("hex")}`;
  const name = new URL(database.url).pathname.slice(1);
  await sequelize.query(`CREATE ROLE ${role} LOGIN PASSWORD 'bound' NOCREATEDB;
    GRANT ALL ON DATABASE ${name} TO ${role}; GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${role};
    GRANT ALL ON SCHEMA public TO ${role};`);
  try {
    const { records, storage, logger, version, backups } = app.context;
    const url = new URL(database.url);
    url.username = role;
    url.password = "bound";
    const bound = createBackups({
      url: url.href,
      records,
      storage,
      target: backups.target,
      signer: signerOf(app.config, app.context.secrets),
      logger,
      version,
      config: app.config.backup,
      now: () => new Date(),
      running: new Set(),
      stopping: new AbortController().signal,
    });
    const { done } = await bound.create({ kind: "manual", verify: true });
    const ended = await done;
    assert.equal(ended.state, "succeeded");
    assert.match(ended.error!, /could not be verified: The database user may not create databases/);
    assert.equal((await listBackups(app))[0].verdict, null);
  } finally {
    await sequelize.query(`DROP OWNED BY ${role}; DROP ROLE ${role};`);
  }
});
