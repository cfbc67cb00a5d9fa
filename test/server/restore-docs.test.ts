import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import { promisify } from "node:util";
import pg from "pg";
import { createKeyPair } from "../../server/backup/age.ts";
import { SERVER } from "../../server/services/audit.ts";
import { signerOf } from "../../server/services/backups/signing-keys.ts";
import { undoRestore } from "../../server/services/restore/decide.ts";
import { findPsql } from "../support/backup/find-psql.ts";
import { anotherSigner } from "../support/backup/signers.ts";
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

/** Of the installation that the commands belong to. */
const SECRETS = {
  API_ENCRYPTION_KEY: "Xq3f0sJ9rT5yVb7NnKd2wLzM8gHhAa4P",
  API_ENCRYPTION_SALT: "u6Rk1eWc9ZtQx3Jm",
};
const SIGNER = signerOf(
  { formerEncryption: null },
  { encryptionKey: SECRETS.API_ENCRYPTION_KEY, encryptionSalt: SECRETS.API_ENCRYPTION_SALT },
);

let there: SmallInstallation;
let filename: string;
before(async () => {
  there = await makeSmallInstallation();
  await there.addModel("sofa");
  filename = await there.backUp(null, SIGNER);
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
  ...SECRETS,
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

it("opens an encrypted backup of hundreds of files with its key's file, and changes nothing with another one", async () => {
  for (let number = 0; number < 300; number++)
    await there.putFile(`models/${number}/original.glb`, `model ${number}`);
  const [own, other] = [await createKeyPair(), await createKeyPair()];
  const encrypted = await there.backUp(own.recipient, SIGNER);
  const saved = await there.fingerprint();
  for (let number = 0; number < 300; number++)
    await rm(path.join(there.uploads, `models/${number}`), { recursive: true });
  await there.client.query("UPDATE models_3d SET name = 'couch'");
  const changed = await there.fingerprint();
  const restore = async (key: string) => {
    const file = path.join(there.backups, "../key.txt");
    await writeFile(file, `# created: 2026-11-22\n${key}\n`);
    const args = ["server/services/restore/cli.ts", encrypted, "--yes", "--identity", file];
    return run(process.execPath, args, { cwd: ROOT, env: environment() });
  };
  await assert.rejects(restore(other.identity), /Nothing was changed: .*key/);
  assert.deepEqual(await there.fingerprint(), changed);
  await restore(own.identity);
  const restored = await there.fingerprint();
  assert.deepEqual(restored.rows, saved.rows);
  for (const [key, sha256] of Object.entries(saved.files)) assert.equal(restored.files[key], sha256, key);
  await undoRestore(there.deps, SERVER);
  assert.deepEqual(await there.fingerprint(), changed);
});

it("takes a stranger's backup with --foreign alone", async () => {
  const foreign = await there.backUp(null, anotherSigner());
  const before = await there.fingerprint();
  const npm = (...more: string[]) =>
    run("npm", ["run", "--silent", "restore", "--", ...more], { cwd: ROOT, env: environment() });
  await assert.rejects(npm(foreign, "--yes"), /Nothing was changed: .*sign/);
  assert.deepEqual(await there.fingerprint(), before);
  const { stdout } = await npm(foreign, "--yes", "--foreign");
  assert.match(stdout, /is in place/);
  await undoRestore(there.deps, SERVER);
  assert.deepEqual(await there.fingerprint(), before);
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
