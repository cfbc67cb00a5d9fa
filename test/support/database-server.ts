import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isAlive } from "../../server/database/embedded/postmaster-file.ts";

/**
 * One PostgreSQL serves all test files that run at the same time, each in its own process. A keeper process holds
 * it. Every test process leases it with a shared advisory lock, which the server drops when the process ends;
 * whoever gets the exclusive lock is the last one out, stops the keeper and waits until it is gone.
 */
export interface ServerLease {
  client: pg.Client;
  /** The URL of a database on this server. */
  urlOf(database: string): string;
  release(): Promise<void>;
}

export const LEASE_LOCK = 41;

const checkout = createHash("sha256")
  .update(import.meta.dirname)
  .digest("hex")
  .slice(0, 8);

/** Where the server's data and its address lie. */
export const SERVER_FOLDER = path.join(
  os.tmpdir(),
  `photo-to-3d-database-${process.getuid?.() ?? "user"}-${checkout}`,
);
export const ADDRESS_FILE = path.join(SERVER_FOLDER, "address.json");
export const KEEPER_LOG = path.join(SERVER_FOLDER, "keeper.log");

const PATIENCE_MS = 240_000;

/** What the keeper writes when the server is ready. */
export interface Address {
  url: string;
  keeper: number;
}

export async function leaseServer(): Promise<ServerLease> {
  const deadline = Date.now() + PATIENCE_MS;
  let keeper: ChildProcess | undefined;
  while (Date.now() < deadline) {
    const address = readAddress();
    const client = address && (await tryLease(address.url));
    if (client) return lease(client, address);
    if (keeper?.exitCode) {
      throw new Error(
        `The test database did not start: ${fs.readFileSync(KEEPER_LOG, "utf8").slice(-2_000)}`,
      );
    }
    // A keeper that finds another one at work ends at once, so starting one too many does no harm.
    if (!keeper || keeper.exitCode !== null || keeper.signalCode !== null) keeper = startKeeper();
    await sleep(50);
  }
  throw new Error(`The test database did not start within ${PATIENCE_MS / 1000} s; see ${KEEPER_LOG}.`);
}

function readAddress(): Address | null {
  try {
    return JSON.parse(fs.readFileSync(ADDRESS_FILE, "utf8"));
  } catch {
    return null;
  }
}

async function tryLease(url: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: url, application_name: "test lease" });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query("SELECT pg_try_advisory_lock_shared($1) AS leased", [LEASE_LOCK]);
    if (rows[0].leased) return client;
    await client.end();
  } catch {
    // No server there (any more): the caller starts one.
  }
  return null;
}

function lease(client: pg.Client, address: Address): ServerLease {
  return {
    client,
    urlOf(database) {
      const url = new URL(address.url);
      url.pathname = `/${database}`;
      return url.href;
    },
    async release() {
      const { rows } = await client.query(
        "SELECT pg_advisory_unlock_shared($1), pg_try_advisory_lock($1) AS last",
        [LEASE_LOCK],
      );
      if (rows[0].last) await stopKeeper(address.keeper);
      await client.end();
    },
  };
}

async function stopKeeper(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, "SIGTERM");
  while (isAlive(pid)) await sleep(10);
}

function startKeeper(): ChildProcess {
  fs.mkdirSync(SERVER_FOLDER, { recursive: true });
  const log = fs.openSync(KEEPER_LOG, "a");
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const keeper = spawn(process.execPath, [path.join(import.meta.dirname, "database-keeper.ts")], {
    stdio: ["ignore", log, log],
    env,
    detached: true,
  });
  fs.closeSync(log);
  keeper.unref();
  return keeper;
}
