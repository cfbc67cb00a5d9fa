import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, it } from "node:test";
import pg from "pg";
import { v7 as newId } from "uuid";
import { readSchema } from "../../server/backup/dump-schema.ts";
import { makeBackup } from "../../server/backup/make-backup.ts";
import { openSession } from "../../server/backup/session.ts";
import { listMigrations, MIGRATIONS_FOLDER, migrate } from "../../server/database/migrate.ts";
import { SERVER } from "../../server/services/audit.ts";
import { confirmRestore } from "../../server/services/restore/decide.ts";
import { createDiskStorage } from "../../server/storage/disk.ts";
import { TEST_SIGNER } from "../support/backup/signers.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";

/** The first version of the product, and those before and after larger changes. */
const LAST_CHANGES = [
  "20261121000000-spine.cjs",
  "20261121025000-owners.cjs",
  "20261121033000-spendings.cjs",
  "20261121150000-accounts.cjs",
];

let folder: string;
let there: SmallInstallation;
let fresh: string[];
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-older-"));
  there = await makeSmallInstallation();
  fresh = await schemaOf(there.url);
});
after(async () => {
  await there.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Everything that the schema `public` is made of, as SQL, in no order. */
async function schemaOf(url: string): Promise<string[]> {
  const client = await openSession(url, new AbortController().signal);
  const schema = await readSchema(client);
  await client.end();
  const isStanding = (sql: string) => sql.startsWith("SELECT pg_catalog.setval(");
  const statements = [...schema.before, ...schema.after.filter((sql) => !isStanding(sql))];
  return [...statements.map(inOneForm), ...schema.omitted.map((what) => `omitted: ${what}`)].sort();
}

/** PostgreSQL writes casts and parentheses otherwise once it has read back what it wrote; it is the same condition. */
const inOneForm = (sql: string): string =>
  sql
    .replaceAll(/\(('[^']*'::character varying)\)::text/g, "$1")
    .replaceAll(/\(ARRAY\[([^\]]*)\]\)::text\[\]/g, "ARRAY[$1]")
    .replaceAll(/[()]/g, "");

/** A database as this change and all before it left it. */
async function databaseAt(last: string): Promise<TestDatabase> {
  const database = await createTestDatabase({ migrated: false });
  const migrations = await mkdtemp(path.join(folder, "migrations-"));
  const wanted = listMigrations().filter((name) => name <= last);
  await Promise.all(
    wanted.map((name) => copyFile(path.join(MIGRATIONS_FOLDER, name), path.join(migrations, name))),
  );
  await migrate(database.url, { logger: { info() {} }, folder: migrations });
  return database;
}

/** A photo, a paid generation of it and its model, with whatever owner the version knows; answers the model's id. */
async function fill(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const [photoId, generationId, modelId] = [newId(), newId(), newId()];
  const { rows } = await client.query(
    "SELECT FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'user_id' AND table_name = 'models_3d'",
  );
  const owner = rows.length > 0 ? "user_id, " : "";
  const ownerId = rows.length > 0 ? "(SELECT id FROM users LIMIT 1), " : "";
  await client.query(
    `INSERT INTO photos (id, sha256, key, media_type, bytes, width, height)
     VALUES ($1, repeat('a', 64), 'input/aa/x.jpg', 'image/jpeg', 1, 1, 1)`,
    [photoId],
  );
  await client.query(
    `INSERT INTO generation_tasks (${owner}id, provider, network, params, name, photo_id, reserved_model_id,
                                   status, cost, finished_at)
     VALUES (${ownerId}$1, 'genapi', 'trellis', '{}', 'sofa', $2, $3, 'succeeded', 17, now())`,
    [generationId, photoId, modelId],
  );
  await client.query(
    `INSERT INTO models_3d (${owner}id, name, dimensions, stats, photo_id, generation_id)
     VALUES (${ownerId}$1, 'an old sofa', '{}', '{}', $2, $3)`,
    [modelId, photoId, generationId],
  );
  await client.end();
  return modelId;
}

/** A backup that the version of this change would have made. */
async function backUpAt(last: string): Promise<{ name: string; modelId: string }> {
  const older = await databaseAt(last);
  try {
    const modelId = await fill(older.url);
    const { name } = await makeBackup({
      url: older.url,
      storage: createDiskStorage({ root: path.join(folder, "uploads") }),
      target: there.target,
      kind: "manual",
      startedAt: new Date(Date.UTC(2025, 0, 1, 0, 0, listMigrations().indexOf(last))),
      productVersion: "0.0.1",
      recipient: null,
      bytesPerSecond: null,
      signer: TEST_SIGNER,
    });
    return { name, modelId };
  } finally {
    await older.dispose();
  }
}

for (const last of LAST_CHANGES) {
  it(`brings a backup of the version of ${last} to the present form, as if it had always been so`, async () => {
    const { name, modelId } = await backUpAt(last);
    await there.restore(name);
    assert.deepEqual(await schemaOf(there.url), fresh, "restored");
    await confirmRestore(there.deps, SERVER);
    assert.deepEqual(await schemaOf(there.url), fresh, "confirmed");
    const { rows } = await there.client.query(
      `SELECT m.name, m.user_id IS NOT NULL AS "isOwned", g.cost,
              (SELECT count(*)::int FROM models_3d WHERE search @@ to_tsquery('simple', 'sofa')) AS found,
              (SELECT array_agg(name ORDER BY name) FROM "SequelizeMeta") AS migrations
         FROM models_3d m JOIN generation_tasks g ON g.id = m.generation_id WHERE m.id = $1`,
      [modelId],
    );
    assert.deepEqual(rows, [
      { name: "an old sofa", isOwned: true, cost: "17.00", found: 1, migrations: listMigrations() },
    ]);
    const left = await there.client.query(
      "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'photo_to_3d%'",
    );
    assert.deepEqual(left.rows, []);
  });
}
