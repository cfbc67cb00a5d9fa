import assert from "node:assert/strict";
import { test } from "node:test";
import { takeJourney } from "../previous/journey.ts";
import { startTestApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { query } from "../support/embedded-postgres.ts";

/** What a newer version may have done: it only expands. */
const LATER = `
  INSERT INTO "SequelizeMeta" VALUES ('29990101000000-later.cjs');
  CREATE TABLE later (id int PRIMARY KEY, model_id uuid REFERENCES models_3d (id) ON DELETE CASCADE);
  ALTER TABLE models_3d ADD COLUMN later text, ADD COLUMN later_count int NOT NULL DEFAULT 0;
  ALTER TABLE generation_tasks ADD COLUMN later jsonb NOT NULL DEFAULT '{}';
  ALTER TABLE users ADD COLUMN later timestamptz;
  ALTER TABLE shares ADD COLUMN later text;
  CREATE INDEX later_by_name ON models_3d (later, name)`;

test("this version starts and works on the schema of a newer one, as after a rollback", async () => {
  const database = await createTestDatabase();
  try {
    await query(database.url, LATER);
    await using app = await startTestApp({ databaseUrl: database.url });
    await takeJourney(app.url, app.url);
    const [{ name }] = await query(database.url, `SELECT max(name) AS name FROM "SequelizeMeta"`);
    assert.equal(name, "29990101000000-later.cjs", "nothing was taken back");
    assert.ok(app.lines.some(({ message }) => /newer version has migrated/.test(String(message))));
    assert.deepEqual(
      app.lines.filter(({ level }) => level === "error"),
      [],
    );
  } finally {
    await database.dispose();
  }
});
