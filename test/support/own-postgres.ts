import { mkdirSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { chooseAccount } from "../../server/database/embedded/account.ts";
import { findBinaries } from "../../server/database/embedded/binaries.ts";
import { openCluster } from "../../server/database/embedded/cluster.ts";
import { startServer } from "../../server/database/embedded/start-server.ts";
import { setWatchdog } from "../../server/database/embedded/watchdog.ts";
import { embeddedUrl } from "../../server/database/embedded.ts";
import { hasCode } from "../../server/system-errors.ts";
import { childrenOf } from "./child-processes.ts";
import { untilGone } from "./embedded-postgres.ts";
import { freePort } from "./server-process.ts";

/** A PostgreSQL that a test alone uses, so that it may do to it what it likes. Nothing starts it again by itself. */
export interface OwnPostgres {
  url: string;
  pool: pg.Pool;
  /** As `pg_ctl stop -m immediate`: no goodbye, recovery at the next start. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** The processes stand still: connections stay open and nobody answers. */
  freeze(): void;
  thaw(): void;
  /** `kill -9` of one process that serves a client, after which PostgreSQL throws all clients out. */
  killBackend(): Promise<void>;
  /** Cuts every connection but its own. */
  cutConnections(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startOwnPostgres(folder: string): Promise<OwnPostgres> {
  mkdirSync(folder, { recursive: true });
  const account = chooseAccount(path.join(folder, "cluster"));
  const cluster = openCluster(folder, account, findBinaries(account, folder), true);
  // No port that the system gives to others, so that it is still free when the server starts again.
  let server = await startServer(cluster, { port: await freePort(), durable: true });
  const { port } = server;
  let watchdog = setWatchdog(cluster, server.pid);
  const url = embeddedUrl(cluster.password, port);
  const admin = url.replace(/[^/]*$/, "postgres");
  const setup = new pg.Client({ connectionString: admin });
  await setup.connect();
  await setup.query(`CREATE DATABASE ${new URL(url).pathname.slice(1)}`);
  await setup.end();
  // It keeps its connections: a test may have closed the way for new ones.
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: "test", idleTimeoutMillis: 0 });
  pool.on("error", () => {});

  const processes = () => [server.pid, ...childrenOf(server.pid)];
  /** False where there is no such process any more. */
  const signal = (pid: number, name: NodeJS.Signals): boolean => {
    try {
      return process.kill(pid, name);
    } catch (error) {
      if (!hasCode(error, "ESRCH")) throw error;
      return false;
    }
  };
  const thaw = () => processes().forEach((pid) => void signal(pid, "SIGCONT"));
  const own: OwnPostgres = {
    url,
    pool,
    async crash() {
      thaw();
      signal(server.pid, "SIGQUIT");
      await untilGone(server.pid);
      // The watchdog's handle doesn't keep this process alive.
      const awake = setInterval(() => {}, 1000);
      await watchdog.dismiss();
      clearInterval(awake);
    },
    async start() {
      server = await startServer(cluster, { port, durable: true });
      watchdog = setWatchdog(cluster, server.pid);
    },
    freeze() {
      // The first one first, so that it makes no new ones.
      signal(server.pid, "SIGSTOP");
      for (const pid of processes()) signal(pid, "SIGSTOP");
    },
    thaw,
    async killBackend() {
      for (let isKilled = false; !isKilled; ) {
        const { rows } = await pool.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND application_name <> 'test' ORDER BY backend_start LIMIT 1`,
        );
        // A client may have left since, or not be back yet.
        isKilled = rows.length > 0 && signal(rows[0].pid, "SIGKILL");
      }
    },
    async cutConnections() {
      await pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name <> 'test' AND datname = current_database()",
      );
    },
    async dispose() {
      thaw();
      await pool.end();
      await own.crash();
    },
  };
  return own;
}
