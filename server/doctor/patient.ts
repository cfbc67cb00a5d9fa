import { openConfiguredDatabase, readConfiguration } from "../database/cli-settings.ts";
import { connectDatabase } from "../database/connect.ts";
import { pendingMigrations } from "../database/migrate.ts";
import { defineRecords } from "../models/records.ts";
import type { Patient } from "./check.ts";

/** The installation that the settings describe. The built-in database is started for it where nobody runs it. */
export async function openPatient(): Promise<Patient & { dispose(): Promise<void> }> {
  const { config, warnings } = readConfiguration();
  await using opening = new AsyncDisposableStack();
  let database: Patient["database"] = null;
  let databaseError: unknown = null;
  try {
    const opened = opening.adopt(await openConfiguredDatabase(), (part) => part.dispose());
    const pool = { max: 4, min: 0, acquireMs: 30_000, idleMs: 1000 };
    const sequelize = opening.adopt(connectDatabase({ url: opened.url, pool }), (part) => part.close());
    const isMigrated = (await pendingMigrations(sequelize)).length === 0;
    database = { sequelize, records: defineRecords(sequelize), isMigrated };
  } catch (error) {
    databaseError = error;
  }
  const parts = opening.move();
  return { config, warnings, database, databaseError, dispose: () => parts.disposeAsync() };
}
