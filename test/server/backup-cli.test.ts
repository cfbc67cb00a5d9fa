import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import pg from "pg";
import { createFolderTarget } from "../../server/backup/folder-target.ts";
import { readManifest } from "../../server/backup/read-backup.ts";
import { readCatalogue } from "../../server/services/backups/catalogue.ts";
import { takeBackupLock } from "../../server/services/backups/lock.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const CLI = path.join(import.meta.dirname, "../../server/services/backups/cli.ts");

let folder: string;
let database: TestDatabase;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-test-"));
  database = await createTestDatabase();
});
after(async () => {
  await database.dispose();
  await rm(folder, { recursive: true, force: true });
});

const backup = (args: string[], settings: Record<string, string> = {}) =>
  runBackup(process.execPath, [CLI, ...args], settings);

const runBackup = (command: string, args: string[], settings: Record<string, string>) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const env = {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      DATA_DIR: path.join(folder, "data"),
      UPLOAD_DIR: path.join(folder, "uploads"),
      ...settings,
    };
    execFile(command, args, { env, cwd: path.join(import.meta.dirname, "../..") }, (error, out, complaint) =>
      resolve({ code: error ? Number(error.code) : 0, output: out + complaint }),
    );
  });

const kept = () => readCatalogue(createFolderTarget(path.join(folder, "data/backups")));

test("npm run backup makes one and tries it out", async () => {
  const { code, output } = await backup(["--verify"], { DATABASE_URL: database.url });
  assert.equal(code, 0, output);
  assert.match(output, /Made \S+-manual in /);
  assert.match(output, /it is whole/);
  const [made, ...others] = await kept();
  assert.equal(others.length, 0);
  assert.equal(made.verdict?.ok, true);
});

test("it ends with 1 and says why where another is being made, or an argument is wrong", async () => {
  const lock = await takeBackupLock(database.url);
  try {
    const { code, output } = await backup([], { DATABASE_URL: database.url });
    assert.equal(code, 1);
    assert.match(output, /one at a time, and one is at work now/);
  } finally {
    await lock!.release();
  }
  const wrong = await backup(["--verfy"], { DATABASE_URL: database.url });
  assert.equal(wrong.code, 1);
  assert.match(wrong.output, /verfy/);
  assert.equal((await kept()).length, 1);
});

test("a place of another installation is taken over with --adopt alone", async () => {
  const another = await createTestDatabase();
  try {
    const client = new pg.Client({ connectionString: another.url });
    await client.connect();
    await client.query("UPDATE installation SET id = gen_random_uuid()");
    await client.end();
    const npm = (...args: string[]) =>
      runBackup("npm", ["run", "--silent", "backup", ...args], { DATABASE_URL: another.url });
    const refused = await npm();
    assert.equal(refused.code, 1);
    assert.match(refused.output, /Another installation .* keeps its backups there/);
    assert.equal((await kept()).length, 1);
    const { code, output } = await npm("--", "--adopt");
    assert.equal(code, 0, output);
    assert.equal((await kept()).length, 2);
    const former = await backup([], { DATABASE_URL: database.url });
    assert.match(former.output, /Another installation/);
  } finally {
    await another.dispose();
  }
});

test("without a migrated database it says what to run, with the built-in database too", async () => {
  const { code, output } = await backup([]);
  assert.equal(code, 1, output);
  assert.match(output, /npm run migrate/);
});

test("what the built-in PostgreSQL had goes into one of one's own, and back", async () => {
  const own = await createTestDatabase();
  const server = path.join(import.meta.dirname, "../../server");
  const places = {
    DATA_DIR: path.join(folder, "built-in"),
    UPLOAD_DIR: path.join(folder, "built-in-uploads"),
  };
  const external = { ...places, DATABASE_URL: own.url };
  const run = async (file: string, args: string[], settings: Record<string, string>) => {
    const { code, output } = await runBackup(process.execPath, [path.join(server, file), ...args], settings);
    assert.equal(code, 0, output);
    return output;
  };
  const target = createFolderTarget(path.join(places.DATA_DIR, "backups"));
  const backUp = async (settings: Record<string, string>) => {
    const output = await run("services/backups/cli.ts", ["--verify"], settings);
    assert.match(output, /it is whole/);
    const [, name] = /Made (\S+-manual) in /.exec(output) ?? [];
    const { database } = await readManifest(target, name);
    return { name, tables: database.tables };
  };
  const restore = async (name: string, settings: Record<string, string>) => {
    await run("services/restore/cli.ts", [name, "--yes"], settings);
    await run("services/restore/cli.ts", ["--confirm"], settings);
  };
  const figuresOf = ({ tables }: Awaited<ReturnType<typeof backUp>>, table: string) =>
    tables.find(({ name }) => name === `public.${table}`);
  try {
    await run("database/migrate-cli.ts", [], places);
    const first = await backUp(places);
    await restore(first.name, external);
    const second = await backUp(external);
    assert.ok(figuresOf(first, "installation"), "named as the manifest does");
    assert.deepEqual(figuresOf(second, "installation"), figuresOf(first, "installation"));
    await restore(second.name, places);
    const third = await backUp(places);
    assert.deepEqual(figuresOf(third, "installation"), figuresOf(first, "installation"));
    const deeds = [first, second, third].map((made) => figuresOf(made, "audit_log")?.rows ?? 0);
    assert.ok(deeds[0] < deeds[1] && deeds[1] < deeds[2], `what was done travels along: ${deeds}`);
  } finally {
    await own.dispose();
  }
});
