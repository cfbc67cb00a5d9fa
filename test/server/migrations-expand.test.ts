import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import pg from "pg";
import { type QueryInterface, Sequelize } from "sequelize";
import { connectDatabase } from "../../server/database/connect.ts";
import { listMigrations, MIGRATIONS_FOLDER } from "../../server/database/migrate.ts";
import { describeDatabase } from "../support/backup/catalogue.ts";
import { createTestDatabase } from "../support/database.ts";
import { contractionsOf, type Shape, shapeOf } from "../support/migrations/expansion.ts";

/** From the next one on each has to let the version before it work: those up to this one are older than the rule. */
const BASELINE = "20261122080000-monitor-session.cjs";

const require = createRequire(import.meta.url);

interface Migration {
  up(queryInterface: QueryInterface, sequelize: typeof Sequelize): Promise<void>;
  down(queryInterface: QueryInterface, sequelize: typeof Sequelize): Promise<void>;
  /** For one that takes something away: the release in which no code needs that any more. */
  contract?: string;
}

/** Headings of the changelog that are releases. */
const releases = () => {
  const text = readFileSync(path.join(import.meta.dirname, "../../CHANGELOG.md"), "utf8");
  return [...text.matchAll(/^## \[(\d+\.\d+\.\d+)\]/gm)].map(([, version]) => version);
};

/** Runs steps on an empty database; `visit` sees the shape before and after each, and may run it back. */
async function stepThrough(
  steps: readonly { name: string; migration: Migration }[],
  visit: (step: {
    name: string;
    migration: Migration;
    before: Shape;
    after: Shape;
    /** Whether the way back leads to exactly what was there, and the way there again to the same. */
    returns: () => Promise<void>;
  }) => Promise<void>,
) {
  const database = await createTestDatabase({ migrated: false });
  const pool = { max: 1, min: 0, acquireMs: 30_000, idleMs: 1000 };
  const sequelize = connectDatabase({ url: database.url, pool });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const tables = sequelize.getQueryInterface();
    for (const { name, migration } of steps) {
      const [before, described] = [await shapeOf(client), await describeDatabase(database.url)];
      await migration.up(tables, Sequelize);
      const after = await shapeOf(client);
      const returns = async () => {
        const there = await describeDatabase(database.url);
        await migration.down(tables, Sequelize);
        assert.deepEqual(await describeDatabase(database.url), described, `${name}: down leads elsewhere`);
        await migration.up(tables, Sequelize);
        assert.deepEqual(
          await describeDatabase(database.url),
          there,
          `${name}: up after down leads elsewhere`,
        );
      };
      await visit({ name, migration, before, after, returns });
    }
  } finally {
    await client.end();
    await sequelize.close();
    await database.dispose();
  }
}

test("migrations only expand, so that the version before works on; what contracts names its release", async () => {
  const steps = listMigrations().map((name) => ({
    name,
    migration: require(path.join(MIGRATIONS_FOLDER, name)),
  }));
  assert.ok(steps.some(({ name }) => name === BASELINE));
  await stepThrough(steps, async ({ name, migration, before, after, returns }) => {
    if (name <= BASELINE) return;
    const contractions = contractionsOf(before, after);
    const { contract } = migration;
    if (contract === undefined) assert.deepEqual(contractions, [], `${name} (CONTRIBUTING.md, Migrations)`);
    else
      assert.ok(
        releases().includes(contract),
        `${name} contracts what ${contract} needs no more: no such release`,
      );
    await returns();
  });
});

test("each way of taking something away is found", async () => {
  const FIRST = `
    CREATE TABLE things (id int PRIMARY KEY, name text, size int NOT NULL DEFAULT 1, owner int);
    CREATE TABLE owners (id int PRIMARY KEY); CREATE TABLE spare (id int)`;
  const wrong: Record<string, RegExp> = {
    "DROP TABLE spare": /table spare is gone/,
    "ALTER TABLE spare RENAME TO former": /table spare is gone/,
    "ALTER TABLE things DROP COLUMN name": /column things.name is gone/,
    "ALTER TABLE things RENAME name TO title": /column things.name is gone/,
    "ALTER TABLE things ALTER size TYPE bigint": /things.size was integer and is bigint/,
    "ALTER TABLE things ALTER owner SET NOT NULL": /things.owner must not be null/,
    "ALTER TABLE things ALTER size DROP DEFAULT": /things.size lost its default/,
    "ALTER TABLE things ADD COLUMN colour text NOT NULL": /new column things.colour has no default/,
    "ALTER TABLE things ADD CHECK (size < 9)": /new rule things_size_check/,
    "ALTER TABLE things ADD FOREIGN KEY (owner) REFERENCES owners": /new rule things_owner_fkey/,
    "CREATE UNIQUE INDEX one_name ON things (name)": /new rule one_name/,
  };
  const right = [
    "CREATE TABLE more (id int PRIMARY KEY, thing int NOT NULL REFERENCES things)",
    "ALTER TABLE things ADD COLUMN colour text, ADD COLUMN weight int NOT NULL DEFAULT 0 CHECK (weight >= 0)",
    "CREATE INDEX by_name ON things (name)",
    "ALTER TABLE things ALTER size DROP NOT NULL",
  ];
  const database = await createTestDatabase({ migrated: false });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    for (const [text, words] of [...Object.entries(wrong), ...right.map((text) => [text, null] as const)]) {
      await client.query("BEGIN");
      await client.query(FIRST);
      const before = await shapeOf(client);
      await client.query(text);
      const found = contractionsOf(before, await shapeOf(client)).join("; ");
      await client.query("ROLLBACK");
      if (words) assert.match(found, words, text);
      else assert.equal(found, "", text);
    }
  } finally {
    await client.end();
    await database.dispose();
  }
});

test("a way back that leads elsewhere is found", async () => {
  const oneWay: Migration = {
    up: async ({ sequelize }) => void (await sequelize.query("CREATE TABLE IF NOT EXISTS more (id int)")),
    down: async () => {},
  };
  await stepThrough([{ name: "one-way", migration: oneWay }], async ({ returns }) => {
    await assert.rejects(returns(), /one-way: down leads elsewhere/);
  });
});
