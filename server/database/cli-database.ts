import { openConfiguredDatabase } from "./cli-settings.ts";
import { MIGRATION_LOCK } from "./migrate.ts";

// For cli-config.cjs: prints one line of JSON and keeps the database until standard input closes.
try {
  const database = await openConfiguredDatabase();
  console.log(JSON.stringify({ url: database.url, lock: MIGRATION_LOCK }));
  for await (const _ of process.stdin);
  await database.dispose();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
