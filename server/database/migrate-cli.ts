import { openConfiguredDatabase } from "./cli-settings.ts";
import { MIGRATED, migrate } from "./migrate.ts";

try {
  const database = await openConfiguredDatabase({ waits: true });
  try {
    const names = await migrate(database.url, {
      logger: {
        info: (message, { migration }) =>
          console.log(message === MIGRATED ? `Applied ${migration}` : `${message} (${migration})`),
      },
    });
    if (names.length === 0) console.log("The database is up to date.");
  } finally {
    await database.dispose();
  }
} catch (error) {
  console.error(`The database was not migrated: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
