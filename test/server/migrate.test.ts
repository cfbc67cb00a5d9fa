import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import pg from "pg";
import { clientOptions, connectDatabase } from "../../server/database/connect.ts";
import { listMigrations, migrate, pendingMigrations } from "../../server/database/migrate.ts";
import { createTestDatabase } from "../support/database.ts";
import { query } from "../support/embedded-postgres.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");
const temporary = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "migrate-"));
fs.chmodSync(temporary, 0o755);
const silent = { info() {} };

after(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** A folder of migrations that each make a table; a slow one gives others the time to interfere. */
function folderOf(tables: string[], extra: Record<string, string> = {}): string {
  const folder = fs.mkdtempSync(path.join(temporary, "migrations-"));
  tables.forEach((table, index) => {
    fs.writeFileSync(
      path.join(folder, `2020010100000${index}-${table}.cjs`),
      `module.exports = {
        async up(queryInterface, Sequelize) {
          await queryInterface.sequelize.query("SELECT pg_sleep(0.1)");
          await queryInterface.createTable("${table}", { id: { type: Sequelize.INTEGER, primaryKey: true } });
        },
        async down(queryInterface) { await queryInterface.dropTable("${table}"); },
      };`,
    );
  });
  for (const [name, text] of Object.entries(extra)) fs.writeFileSync(path.join(folder, name), text);
  return folder;
}

async function tablesOf(url: string): Promise<unknown[]> {
  const rows = await query(
    url,
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  return rows.map(({ relname }) => relname);
}

/** Runs sequelize-cli as a person would; the settings are the environment's. */
async function sequelizeCli(env: Record<string, string>, ...args: string[]): Promise<string> {
  const cli = path.join(root, "node_modules/sequelize-cli/lib/sequelize");
  const { stdout } = await run(process.execPath, [cli, ...args], { cwd: root, env: environment(env) });
  return stdout;
}

async function migrateCli(env: Record<string, string>): Promise<string> {
  const script = path.join(root, "server/database/migrate-cli.ts");
  return (await run(process.execPath, [script], { cwd: root, env: environment(env) })).stdout;
}

function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(DATABASE_|PG|DATA_DIR|NODE_TEST)/.test(name),
  );
  return { ...Object.fromEntries(inherited), ...settings };
}

test("migrations run once, in order, whoever starts at the same time", async () => {
  const folder = folderOf(["first", "second", "third"]);
  const names = listMigrations(folder);
  const database = await createTestDatabase({ migrated: false });
  const told: string[] = [];
  const options = {
    folder,
    logger: { info: (_: string, { migration }: { migration: string }) => told.push(migration) },
  };
  const results = await Promise.all([1, 2, 3].map(() => migrate(database.url, options)));
  assert.deepEqual(results.flat(), names);
  assert.deepEqual(told, names);
  assert.deepEqual(await tablesOf(database.url), ["SequelizeMeta", "first", "second", "third"]);
  assert.deepEqual(await migrate(database.url, options), []);
  await database.dispose();
});

test("a migration that fails says why, keeps what ran before, and is tried again", async () => {
  const folder = folderOf(["first"], {
    "20300101000000-broken.cjs": `module.exports = { up: (queryInterface) => queryInterface.sequelize.query("SELECT * FROM second") };`,
  });
  const database = await createTestDatabase({ migrated: false });
  await assert.rejects(
    migrate(database.url, { folder, logger: silent }),
    /20300101000000-broken\.cjs.*"second" does not exist/s,
  );
  assert.deepEqual(await tablesOf(database.url), ["SequelizeMeta", "first"]);
  await query(database.url, "CREATE TABLE second ()");
  assert.deepEqual(await migrate(database.url, { folder, logger: silent }), ["20300101000000-broken.cjs"]);
  await database.dispose();
});

test("a migration that ends in the middle leaves nothing, so that it can be run again", async () => {
  const folder = folderOf([], {
    "20300102000000-plain.cjs": `module.exports = {
      async up(queryInterface, Sequelize) {
        await queryInterface.createTable("whole", { id: { type: Sequelize.INTEGER } });
        await queryInterface.sequelize.query("SELECT * FROM missing");
      },
    };`,
  });
  const database = await createTestDatabase({ migrated: false });
  await assert.rejects(migrate(database.url, { folder, logger: silent }), /"missing" does not exist/);
  assert.ok(!(await tablesOf(database.url)).includes("whole"));
  await query(database.url, "CREATE TABLE missing ()");
  assert.deepEqual(await migrate(database.url, { folder, logger: silent }), ["20300102000000-plain.cjs"]);
  assert.ok((await tablesOf(database.url)).includes("whole"));
  await database.dispose();
});

test("a migration waits for a table that others use, and lets everybody else use it meanwhile", async () => {
  const folder = folderOf([], {
    "20300101000000-wider.cjs": `module.exports = {
      up: (queryInterface) => queryInterface.sequelize.query("ALTER TABLE used ADD COLUMN wider int"),
    };`,
  });
  const database = await createTestDatabase({ migrated: false });
  await query(database.url, "CREATE TABLE used (id int)");
  const user = new pg.Client({ connectionString: database.url });
  await user.connect();
  await user.query("BEGIN");
  await user.query("SELECT FROM used");
  const told: string[] = [];
  const migrating = migrate(database.url, { folder, logger: { info: (message) => told.push(message) } });
  await until("the migration waits", async () => {
    const waiting = await query(
      database.url,
      "SELECT FROM pg_locks WHERE NOT granted AND relation = 'used'::regclass AND mode = 'AccessExclusiveLock'",
    );
    return waiting.length > 0;
  });
  // Whoever comes behind a waiting migration is served before the first has ended.
  assert.deepEqual(await query(database.url, "SELECT count(*)::int AS count FROM used"), [{ count: 0 }]);
  await until("it is told", () => told.includes("A migration waits for a table that others use."));
  await user.query("COMMIT");
  await user.end();
  assert.deepEqual(await migrating, ["20300101000000-wider.cjs"]);
  assert.deepEqual(await query(database.url, "SELECT wider FROM used"), []);
  assert.equal(told.filter((message) => /waits/.test(message)).length, 1);
  await database.dispose();
});

test("what a newer version has migrated stays, and is told", async () => {
  const folder = folderOf(["first"]);
  const database = await createTestDatabase({ migrated: false });
  await migrate(database.url, { folder, logger: silent });
  await query(database.url, `INSERT INTO "SequelizeMeta" VALUES ('29990101000000-later.cjs')`);
  await query(database.url, "CREATE TABLE later ()");
  const told: unknown[] = [];
  const logger = { info: (message: string, facts: object) => told.push({ message, ...facts }) };
  assert.deepEqual(await migrate(database.url, { folder, logger }), []);
  assert.deepEqual(told, [
    {
      message: "A newer version has migrated the database; this one runs on it.",
      migration: "29990101000000-later.cjs",
    },
  ]);
  assert.deepEqual(await tablesOf(database.url), ["SequelizeMeta", "first", "later"]);
  await database.dispose();
});

test("what is pending is known before the first migration and after it", async () => {
  const folder = folderOf(["first"]);
  const database = await createTestDatabase({ migrated: false });
  const sequelize = connectDatabase({
    url: database.url,
    pool: { max: 2, min: 0, acquireMs: 5_000, idleMs: 1_000 },
  });
  assert.deepEqual(await pendingMigrations(sequelize, folder), listMigrations(folder));
  assert.deepEqual(await tablesOf(database.url), [], "asking changes nothing");
  await migrate(database.url, { folder, logger: silent });
  assert.deepEqual(await pendingMigrations(sequelize, folder), []);
  await sequelize.close();
  await database.dispose();
});

test("test databases are copies with all migrations of the product", async () => {
  const database = await createTestDatabase();
  assert.deepEqual(await migrate(database.url, { logger: silent }), []);
  await database.dispose();
});

test("a connection left open is reported when its test database is dropped", async () => {
  const database = await createTestDatabase({ migrated: false, goodbyeMs: 500 });
  const leak = connectDatabase({
    url: database.url,
    pool: { max: 1, min: 1, acquireMs: 5_000, idleMs: 60_000 },
  });
  await leak.query("SELECT 1");
  await assert.rejects(database.dispose(), /left open.*photo-to-3d \(SELECT 1\)/);
  await leak.close();
});

test("sequelize-cli and the product share one record, whichever ran first", async () => {
  const folder = folderOf(["first", "second"]);
  const [first, second] = listMigrations(folder);
  const database = await createTestDatabase({ migrated: false });
  const env = { DATABASE_URL: database.url };
  const options = ["--migrations-path", folder];
  await sequelizeCli(env, "db:migrate", ...options, "--to", first);
  assert.deepEqual(await migrate(database.url, { folder, logger: silent }), [second]);
  assert.match(await sequelizeCli(env, "db:migrate", ...options), /already up to date/);
  await sequelizeCli(env, "db:migrate:undo", ...options);
  assert.deepEqual(await tablesOf(database.url), ["SequelizeMeta", "first"]);
  assert.deepEqual(await migrate(database.url, { folder, logger: silent }), [second]);
  await database.dispose();
});

test("sequelize-cli and the product at the same moment wait for each other", async () => {
  const folder = folderOf(["first", "second", "third"]);
  const database = await createTestDatabase({ migrated: false });
  const env = { DATABASE_URL: database.url };
  await Promise.all([
    sequelizeCli(env, "db:migrate", "--migrations-path", folder),
    sequelizeCli(env, "db:migrate", "--migrations-path", folder),
    migrate(database.url, { folder, logger: silent }),
  ]);
  assert.deepEqual(await tablesOf(database.url), ["SequelizeMeta", "first", "second", "third"]);
  const rows = await query(database.url, 'SELECT name FROM "SequelizeMeta" ORDER BY 1');
  assert.deepEqual(
    rows.map(({ name }) => name),
    listMigrations(folder),
  );
  await database.dispose();
});

test("with nothing configured both commands use the built-in database, also at the same moment", async () => {
  const env = { DATA_DIR: path.join(temporary, "data") };
  const [own, cli] = await Promise.all([migrateCli(env), sequelizeCli(env, "db:migrate")]);
  const reports = (own.match(/Applied /g) ?? []).length + (cli.match(/: migrated/g) ?? []).length;
  assert.equal(reports, listMigrations().length);
  assert.match(await sequelizeCli(env, "db:migrate:status"), /^up 2/m);
  assert.match(await migrateCli(env), /up to date/);
});

test("a command that can't reach the database fails and says so", async () => {
  const env = {
    DATABASE_URL: "postgres://somebody:secret-word@127.0.0.1:1/nothing",
    DATABASE_POOL_ACQUIRE_SECONDS: "1",
  };
  await assert.rejects(migrateCli(env), (error: Error & { code: number; stderr: string }) => {
    assert.equal(error.code, 1);
    assert.match(error.stderr, /not migrated: .*ECONNREFUSED/);
    assert.doesNotMatch(error.stderr, /secret-word/);
    return true;
  });
});

test("TLS goes by the URL's sslmode", () => {
  const ssl = (query: string) => clientOptions(`postgres://u:p@db.example/name${query}`).ssl;
  assert.equal(ssl(""), undefined);
  assert.equal(ssl("?sslmode=disable"), false);
  assert.deepEqual({ ...(ssl("?sslmode=require") as object) }, { rejectUnauthorized: false });
  assert.deepEqual({ ...(ssl("?sslmode=verify-full") as object) }, {});
  assert.throws(() => ssl("?sslmode=verify-ca"), /sslrootcert/);
});
