import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../logger.ts";
import { chooseAccount } from "./embedded/account.ts";
import { findBinaries } from "./embedded/binaries.ts";
import { openCluster, SUPERUSER } from "./embedded/cluster.ts";
import { lockFolder } from "./embedded/folder-lock.ts";
import { Supervisor } from "./embedded/supervisor.ts";

export const EMBEDDED_DATABASE = "photo_to_3d";

const START_PATIENCE_MS = 30_000;
/** Refused, cut off, starting or stopping (57P01 to 57P03). */
const PASSING_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "57P01", "57P02", "57P03"]);

export interface EmbeddedPostgresOptions {
  /** Absolute; made when missing. One process at a time may hold it. */
  dataFolder: string;
  logger?: Logger;
  /** False trades safety against power loss for speed: for throw-away data only. Default true. */
  durable?: boolean;
  /** How long to wait for a process that is just leaving the folder. Default 3 seconds. */
  patienceMs?: number;
}

export interface EmbeddedPostgres {
  /** `postgres://postgres:…@127.0.0.1:PORT/photo_to_3d` */
  url: string;
  /** True when a server left running by a killed process was taken over. */
  adopted: boolean;
  dispose(): Promise<void>;
}

const SILENT: Logger = Object.fromEntries(
  ["error", "warn", "info", "debug"].map((level) => [level, () => {}]),
) as unknown as Logger;

/**
 * The default database: a PostgreSQL of our own on a free loopback port, its data in `dataFolder`. It stops
 * with `dispose()`, with the end of this process, and is started again when it dies before that.
 * Rejects with FolderBusyError when another live process holds the folder, and with a sentence naming the cure
 * on a platform without a built-in PostgreSQL or when the data is of another major version.
 */
export async function startEmbeddedPostgres({
  dataFolder,
  logger = SILENT,
  durable = true,
  patienceMs = 3_000,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const lock = await lockFolder(dataFolder, patienceMs);
  let supervisor: Supervisor | undefined;
  try {
    const account = chooseAccount(path.join(dataFolder, "cluster"));
    const cluster = openCluster(dataFolder, account, findBinaries(account, dataFolder), durable);
    supervisor = new Supervisor(cluster, durable, logger);
    const { port, adopted } = await supervisor.start();
    const url = embeddedUrl(cluster.password, port);
    await ensureDatabase(url);
    logger.info(adopted ? "Took over the built-in PostgreSQL." : "Started the built-in PostgreSQL.", {
      port,
      folder: cluster.folder,
      ...(account && { account: account.name }),
    });
    const running = supervisor;
    let disposal: Promise<void> | undefined;
    return {
      url,
      adopted,
      dispose() {
        disposal ??= running.dispose().finally(() => lock.release());
        return disposal;
      },
    };
  } catch (error) {
    await supervisor?.dispose();
    lock.release();
    throw error;
  }
}

/** The address of the server on this port. */
export function embeddedUrl(password: string, port: number): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${EMBEDDED_DATABASE}`;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = await connectForMaintenance(url);
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [
      EMBEDDED_DATABASE,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
  } finally {
    await client.end();
  }
}

/**
 * A server taken over from a process that was killed this very moment may have been told to stop by that one's
 * watchdog; the supervisor starts it again, so wait for it.
 */
async function connectForMaintenance(url: string): Promise<pg.Client> {
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  for (const deadline = Date.now() + START_PATIENCE_MS; ; await sleep(20)) {
    const client = new pg.Client({ connectionString: maintenance.href });
    client.on("error", () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      const passing = PASSING_CODES.has((error as { code?: string }).code ?? "");
      if (!passing || Date.now() > deadline) throw error;
    }
  }
}
