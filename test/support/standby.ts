import { appendFileSync, chmodSync, chownSync, cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { chooseAccount } from "../../server/database/embedded/account.ts";
import { findBinaries } from "../../server/database/embedded/binaries.ts";
import { type Cluster, openCluster } from "../../server/database/embedded/cluster.ts";
import type { ServerProcess } from "../../server/database/embedded/server-process.ts";
import { startServer } from "../../server/database/embedded/start-server.ts";
import { setWatchdog, type Watchdog } from "../../server/database/embedded/watchdog.ts";
import { embeddedUrl } from "../../server/database/embedded.ts";
import { childrenOf } from "./child-processes.ts";
import { untilGone } from "./embedded-postgres.ts";
import { freePort } from "./server-process.ts";

/** A PostgreSQL with a streaming standby, both of a test's own. */
export interface StreamedPostgres {
  primary: { url: string; query: Query };
  standby: {
    url: string;
    query: Query;
    /** The log comes in, and nothing of it shows until `resume`. */
    pause(): Promise<void>;
    resume(): Promise<void>;
    stop(): Promise<void>;
    /** At the same address again. */
    start(): Promise<void>;
    /** Connections stay open and nobody answers. */
    freeze(): void;
    thaw(): void;
    /** Until it shows all that the primary has written by now. */
    caughtUp(): Promise<void>;
  };
  dispose(): Promise<void>;
}

type Query = <Row extends object = Record<string, unknown>>(sql: string) => Promise<Row[]>;

const PATIENCE_MS = 240_000;

/** One server that can be stopped and started on the same port. */
async function run(cluster: Cluster) {
  // None that the system gives to others, so that it is still free when the server is started again.
  const port = await freePort();
  let server: ServerProcess = await startServer(cluster, { port, durable: true });
  let watchdog: Watchdog = setWatchdog(cluster, server.pid);
  let isUp = true;
  const signalAll = (name: "SIGSTOP" | "SIGCONT") => {
    // The first one first, so that it makes no new ones.
    for (const pid of [server.pid, ...childrenOf(server.pid)]) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended since.
      }
    }
  };
  return {
    port,
    signalAll,
    async stop(): Promise<void> {
      if (!isUp) return;
      isUp = false;
      signalAll("SIGCONT");
      process.kill(server.pid, "SIGINT");
      await untilGone(server.pid);
      // The watchdog's handle doesn't keep this process alive.
      const awake = setInterval(() => {}, 1000);
      await watchdog.dismiss();
      clearInterval(awake);
    },
    async start(): Promise<void> {
      server = await startServer(cluster, { port, durable: true });
      watchdog = setWatchdog(cluster, server.pid);
      isUp = true;
    },
  };
}

function querier(url: string): { query: Query; end(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: "test" });
  pool.on("error", () => {});
  return { query: async (sql) => (await pool.query(sql)).rows, end: () => pool.end() };
}

/** The same account owns the copy. */
function own(folder: string, account: { uid: number; gid: number } | null): void {
  if (!account) return;
  chownSync(folder, account.uid, account.gid);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    chownSync(path.join(entry.parentPath, entry.name), account.uid, account.gid);
}

/** The standby begins as a copy of the cluster before its first start, as no program for a base backup is at hand. */
export async function startStreamedPostgres(folder: string): Promise<StreamedPostgres> {
  await using building = new AsyncDisposableStack();
  const folders = { primary: path.join(folder, "primary"), standby: path.join(folder, "standby") };
  for (const one of Object.values(folders)) mkdirSync(one, { recursive: true, mode: 0o755 });
  const account = chooseAccount(path.join(folders.primary, "cluster"));
  const binaries = findBinaries(account, folders.primary);
  const first = openCluster(folders.primary, account, binaries, true);
  cpSync(folders.primary, folders.standby, { recursive: true });
  const copy = path.join(folders.standby, "cluster");
  chmodSync(copy, 0o700);
  const primary = await run(first);
  building.defer(() => primary.stop());
  const url = embeddedUrl(first.password, primary.port);
  const setup = querier(url.replace(/[^/]*$/, "postgres"));
  await setup.query(`CREATE DATABASE ${new URL(url).pathname.slice(1)}`);
  await setup.end();

  const way = `host=127.0.0.1 port=${primary.port} user=postgres password=${first.password}`;
  appendFileSync(path.join(copy, "postgresql.auto.conf"), `primary_conninfo = '${way}'\n`);
  writeFileSync(path.join(copy, "standby.signal"), "");
  own(copy, account);
  const second = openCluster(folders.standby, account, binaries, true);
  const standby = await run(second);
  building.defer(() => standby.stop());
  const standbyUrl = embeddedUrl(first.password, standby.port);
  const [asPrimary, asStandby] = [querier(url), querier(standbyUrl)];
  building.defer(() => asPrimary.end());
  building.defer(() => asStandby.end());

  async function caughtUp(): Promise<void> {
    const [{ lsn }] = await asPrimary.query<{ lsn: string }>("SELECT pg_current_wal_lsn()::text AS lsn");
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const rows = await asStandby
        .query<{ there: boolean }>(`SELECT pg_last_wal_replay_lsn() >= '${lsn}' AS there`)
        .catch(() => []);
      if (rows[0]?.there) return;
      if (performance.now() > deadline) throw new Error(`The standby did not get to ${lsn}`);
      await sleep(20);
    }
  }
  await caughtUp();

  const parts = building.move();
  return {
    primary: { url, query: asPrimary.query },
    standby: {
      url: standbyUrl,
      query: asStandby.query,
      pause: async () => {
        await asStandby.query("SELECT pg_wal_replay_pause()");
        const deadline = performance.now() + PATIENCE_MS;
        for (let state = ""; state !== "paused"; await sleep(10)) {
          if (performance.now() > deadline) throw new Error(`The replay does not pause: ${state}`);
          [{ state }] = await asStandby.query<{ state: string }>(
            "SELECT pg_get_wal_replay_pause_state() AS state",
          );
        }
      },
      resume: async () => void (await asStandby.query("SELECT pg_wal_replay_resume()")),
      stop: () => standby.stop(),
      start: () => standby.start(),
      freeze: () => standby.signalAll("SIGSTOP"),
      thaw: () => standby.signalAll("SIGCONT"),
      caughtUp,
    },
    dispose: () => parts.disposeAsync(),
  };
}
