import fs from "node:fs";
import path from "node:path";
import { loadConfig } from "../config.ts";
import { borrowEmbeddedPostgres } from "./embedded-for-tools.ts";
import { reachDatabase } from "./reach.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The settings of this environment and of `.env`. Throws one sentence where one is wrong. */
export function readConfiguration(): ReturnType<typeof loadConfig> {
  const envFile = path.join(ROOT, ".env");
  if (fs.existsSync(envFile)) process.loadEnvFile(envFile);
  return loadConfig(process.env, ROOT);
}

/**
 * The database that the product would use with the settings of this environment and of `.env`; the built-in one
 * is started when nobody runs it, another one is waited for so long. For command-line tools: dispose it at the end.
 */
export async function openConfiguredDatabase({ patienceMs = 0 } = {}): Promise<{
  url: string;
  dispose(): Promise<void>;
}> {
  const { database } = readConfiguration().config;
  if (database.kind === "url") {
    const logger = { info: console.error, warn: console.error };
    return { url: await reachDatabase(database.url, { patienceMs, logger }), dispose: async () => {} };
  }
  return borrowEmbeddedPostgres({ dataFolder: database.dataFolder });
}
