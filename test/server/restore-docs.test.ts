import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import { promisify } from "node:util";
import pg from "pg";
import { findPsql } from "../support/backup/find-psql.ts";
import { createTestDatabase } from "../support/database.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";
import { filesBelow } from "../support/stored-files.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

/** The commands of a page, block by block. */
async function commandsOf(page: string): Promise<string[]> {
  const text = await readFile(path.join(ROOT, "docs", page), "utf8");
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
}

async function modelsIn(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("SELECT count(*)::int AS n FROM models_3d");
  await client.end();
  return rows[0].n;
}

let there: SmallInstallation;
let filename: string;
before(async () => {
  there = await makeSmallInstallation();
  await there.addModel("sofa");
  filename = await there.backUp();
});
after(() => there.dispose());

const environment = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  HOME: path.join(there.uploads, "../home"),
  NODE_ENV: "test",
  DATABASE_URL: there.url,
  UPLOAD_DIR: there.uploads,
  BACKUP_DIR: there.backups,
  DATA_DIR: path.join(there.uploads, "../data"),
  BACKUP: filename,
  ...more,
});

it("has the same commands in both languages", async () => {
  const withoutComments = async (page: string) =>
    (await commandsOf(page)).map((block) => block.replaceAll(/ +#.*/g, ""));
  assert.deepEqual(await withoutComments("restore.ru.md"), await withoutComments("restore.md"));
});

it("restores, undoes and confirms with npm run restore as the page says", async () => {
  const saved = await there.fingerprint();
  await there.client.query("UPDATE models_3d SET name = 'couch'");
  const changed = await there.fingerprint();
  const [restore, decide] = await commandsOf("restore.md");
  const undo = decide.split("\n")[0];
  const confirm = decide.split("\n")[1];
  const shell = (command: string) =>
    run("sh", ["-ec", command.replace(/\d{4}-\S+-daily/, filename)], { cwd: ROOT, env: environment() });

  await assert.rejects(
    shell("npm run --silent restore -- 2020-01-01T00-00-00Z-manual --yes"),
    (error: Error) => {
      assert.match((error as Error & { stderr: string }).stderr, /has no backup .* It has:\s+\d{4}-/);
      return true;
    },
  );
  const { stdout } = await shell(restore);
  assert.match(stdout, /is in place/);
  assert.deepEqual((await there.fingerprint()).rows, saved.rows);
  await shell(undo);
  assert.deepEqual(await there.fingerprint(), changed);
  await shell(`npm run restore -- "${path.join(there.backups, filename)}" --yes`);
  await shell(confirm);
  assert.deepEqual((await there.fingerprint()).rows, saved.rows);
});

it("restores by hand with psql as the page says", async (t) => {
  const psql = await findPsql();
  t.diagnostic(psql ? `${psql.version} was used` : "no psql could be had: the files alone are tried");
  const empty = await createTestDatabase({ migrated: false });
  const uploads = path.join(there.uploads, "../by-hand");
  try {
    await mkdir(uploads);
    const [, , load, settle] = await commandsOf("restore.md");
    const shell = (script: string) =>
      run("sh", ["-ec", psql ? script : script.replaceAll(/psql .*/g, "cat > /dev/null")], {
        env: environment({
          PATH: `${path.dirname(path.resolve("/", psql?.command ?? ""))}:${process.env.PATH}`,
          ...(psql?.libraries && { LD_LIBRARY_PATH: psql.libraries }),
          DATABASE_URL: empty.url,
          UPLOAD_DIR: uploads,
        }),
      });
    await shell(load);
    if (psql) await shell(settle);
    if (psql) assert.equal(await modelsIn(empty.url), 1);
    const names = (await filesBelow(uploads)).map((file) => path.relative(uploads, file)).sort();
    const { files } = await there.fingerprint();
    const stored = Object.keys(files)
      .filter((name) => !name.startsWith("."))
      .sort();
    assert.deepEqual(names, stored);
  } finally {
    await rm(uploads, { recursive: true, force: true });
    await empty.dispose();
  }
});
