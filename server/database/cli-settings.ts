import fs from "node:fs";
import path from "node:path";
import { loadConfig } from "../config.ts";
import { borrowEmbeddedPostgres } from "./embedded-for-tools.ts";
import { reachDatabase, startPatienceMs } from "./reach.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The settings of this environment and of `.env`. Throws one sentence where one is wrong. */
export function readConfiguration(): ReturnType<typeof loadConfig> {
  const envFile = path.join(ROOT, ".env");
  if (fs.existsSync(envFile)) process.loadEnvFile(envFile);
  return loadConfig(process.env, ROOT);
}

/**
 * The database that the product would use with the settings of this environment and of `.env`; the built-in one
 * is started when nobody runs it; with `waits` another one is waited for as at the start of the product. For
 * command-line tools: dispose it at the end.
 */
export async function openConfiguredDatabase({ waits = false } = {}): Promise<{
  url: string;
  dispose(): Promise<void>;
}> {
  const { database, pool } = readConfiguration().config;
  if (database.kind === "url") {
    const patienceMs = waits ? startPatienceMs(pool) : 0;
    const logger = { info: console.error, warn: console.error };
    return { url: await reachDatabase(database.url, { patienceMs, logger }), dispose: async () => {} };
  }
  return borrowEmbeddedPostgres({ dataFolder: database.dataFolder });
}
