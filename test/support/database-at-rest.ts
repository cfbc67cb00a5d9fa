import { createTestDatabase, type TestDatabase } from "./database.ts";
import { query } from "./embedded-postgres.ts";

/** With it no server sweeps by itself: the sweep at its start may come at any moment, and take what a test looks for. */
export async function createDatabaseAtRest(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await query(
    database.url,
    `INSERT INTO system_state (key, value) VALUES ('housekeeping', '{"running": false}')`,
  );
  return database;
}
