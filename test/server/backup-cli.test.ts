import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { createFolderTarget } from "../../server/backup/folder-target.ts";
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
  new Promise<{ code: number; output: string }>((resolve) => {
    const env = {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      DATA_DIR: path.join(folder, "data"),
      UPLOAD_DIR: path.join(folder, "uploads"),
      ...settings,
    };
    execFile(
      process.execPath,
      [CLI, ...args],
      { env, cwd: path.join(import.meta.dirname, "../..") },
      (error, out, complaint) => resolve({ code: error ? Number(error.code) : 0, output: out + complaint }),
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

test("without a migrated database it says what to run, with the built-in database too", async () => {
  const { code, output } = await backup([]);
  assert.equal(code, 1, output);
  assert.match(output, /npm run migrate/);
});
