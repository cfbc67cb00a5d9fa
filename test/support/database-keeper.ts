import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { FolderBusyError } from "../../server/database/embedded/folder-lock.ts";
import { startEmbeddedPostgres } from "../../server/database/embedded.ts";
import { ADDRESS_FILE, LEASE_LOCK, SERVER_FOLDER } from "./database-server.ts";

const POLL_MS = 250;
const IDLE_LIMIT_MS = 2_000;

const server = await startEmbeddedPostgres({
  dataFolder: SERVER_FOLDER,
  durable: false,
  patienceMs: 0,
}).catch((error) => {
  if (error instanceof FolderBusyError) process.exit(0);
  throw error;
});
const client = new pg.Client({ connectionString: server.url, application_name: "test keeper" });
client.on("error", () => {});
await client.connect();
await dropRemains();

const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());

fs.writeFileSync(`${ADDRESS_FILE}.new`, JSON.stringify({ url: server.url, keeper: process.pid }), {
  mode: 0o600,
});
fs.renameSync(`${ADDRESS_FILE}.new`, ADDRESS_FILE);
await untilUnused();
fs.rmSync(ADDRESS_FILE, { force: true });
await client.end();
await server.dispose();

/** Databases of test runs that were killed. */
async function dropRemains(): Promise<void> {
  const { rows } = await client.query("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'");
  for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
}

/** Until the last one out says so, or until all test processes have died without a word. */
async function untilUnused(): Promise<void> {
  let usedAt = Date.now();
  for (;;) {
    await sleep(POLL_MS, undefined, { signal: stop.signal }).catch(() => {});
    if (stop.signal.aborted) return;
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS unused", [LEASE_LOCK]);
    if (!rows[0].unused) usedAt = Date.now();
    else if (Date.now() - usedAt > IDLE_LIMIT_MS) return;
    else await client.query("SELECT pg_advisory_unlock($1)", [LEASE_LOCK]);
  }
}
