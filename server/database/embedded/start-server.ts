import { spawn } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, explainSpawnError, SERVER_ENVIRONMENT } from "./cluster.ts";
import { readPostmaster, servesCluster } from "./postmaster-file.ts";
import type { ServerProcess } from "./server-process.ts";

interface StartOptions {
  /** A fixed port; without it a free one is chosen. */
  port?: number;
  /** False trades safety against power loss for speed: for throw-away data only. */
  durable: boolean;
}

const POLL_MS = 10;
const CRASH_REMAINS_MS = 10_000;
const LOG_LIMIT_BYTES = 5 * 1024 ** 2;

/**
 * Starts PostgreSQL on loopback and resolves when it accepts connections; crash recovery may take its time.
 * Rejects with the server's own last words. The caller holds the folder's lock and found no running server.
 */
export async function startServer(cluster: Cluster, { port, durable }: StartOptions): Promise<ServerProcess> {
  const deadline = Date.now() + CRASH_REMAINS_MS;
  for (;;) {
    const chosen = port ?? (await freePort());
    const attempt = await tryStart(cluster, chosen, durable);
    if ("pid" in attempt) return attempt;
    // Processes of a server that was killed may hold its port or memory for a moment longer.
    const passing = /still in use|already in use|could not bind|lock file/i.test(attempt.reason);
    if (!passing || Date.now() > deadline) {
      throw new Error(`The built-in PostgreSQL did not start (log: ${cluster.logFile}): ${attempt.reason}`);
    }
    await sleep(100);
  }
}

async function tryStart(
  cluster: Cluster,
  port: number,
  durable: boolean,
): Promise<ServerProcess | { reason: string }> {
  dropStalePidFile(cluster.folder);
  const log = openLog(cluster.logFile);
  const { account } = cluster;
  const child = spawn(cluster.binaries.postgres, serverArguments(cluster, port, durable), {
    cwd: cluster.folder,
    env: SERVER_ENVIRONMENT,
    stdio: ["ignore", log.fd, log.fd],
    // A session of its own: Ctrl+C in the terminal is for the product, which stops the server in its own time.
    detached: true,
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  fs.closeSync(log.fd);
  child.unref();
  let ended: { reason: string } | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      ended = { reason: explainSpawnError(error, account) };
      resolve();
    });
    child.once("exit", () => {
      ended ??= { reason: lastWords(cluster.logFile, log.offset) };
      resolve();
    });
  });
  while (!ended) {
    const found = readPostmaster(cluster.folder);
    if (found && found.pid === child.pid && found.status === "ready") return { pid: found.pid, port, exited };
    await sleep(POLL_MS);
  }
  return ended;
}

/** PostgreSQL trusts the number alone: a zombie or a stranger that was given it would keep it from starting. */
function dropStalePidFile(folder: string): void {
  const found = readPostmaster(folder);
  if (found && !servesCluster(found.pid, folder))
    fs.rmSync(path.join(folder, "postmaster.pid"), { force: true });
}

function serverArguments(cluster: Cluster, port: number, durable: boolean): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port,
    max_connections: durable ? 100 : 300,
    timezone: "UTC",
    log_timezone: "UTC",
    // LOG, FATAL and PANIC only: failing statements are the product's to report, and may hold people's data.
    log_min_messages: "log",
    log_checkpoints: "off",
    jit: "off",
    ...(!durable && { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return [
    "-D",
    cluster.folderArgument,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function openLog(file: string): { fd: number; offset: number } {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) fs.renameSync(file, `${file}.old`);
  return { fd: fs.openSync(file, "a", 0o600), offset: size > LOG_LIMIT_BYTES ? 0 : size };
}

function lastWords(file: string, offset: number): string {
  const lines = fs.readFileSync(file).subarray(offset).toString().trim().split("\n");
  const telling = lines.filter((line) => /FATAL|PANIC|ERROR|HINT|error while loading/.test(line));
  return (telling.length > 0 ? telling : lines).slice(-4).join(" ");
}
