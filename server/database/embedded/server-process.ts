import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "../../system-errors.ts";
import type { Cluster } from "./cluster.ts";
import { isAlive, readPostmaster, servesCluster } from "./postmaster-file.ts";

/** A running PostgreSQL server. */
export interface ServerProcess {
  pid: number;
  port: number;
  /** Settles when the process is gone. */
  exited: Promise<void>;
}

const POLL_MS = 10;
const ADOPTED_POLL_MS = 250;

/**
 * The server that already runs on the cluster, left behind by a killed process, or null. Waits for one that is
 * starting or stopping.
 */
export async function findRunningServer(cluster: Cluster): Promise<ServerProcess | null> {
  for (;;) {
    const found = readPostmaster(cluster.folder);
    if (!found) return null;
    if (!servesCluster(found.pid, cluster.folder)) return null;
    if (found.status === "ready") return { pid: found.pid, port: found.port, exited: watchExit(found.pid) };
    await sleep(POLL_MS);
  }
}

async function watchExit(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(ADOPTED_POLL_MS, undefined, { ref: false });
}

/** Asks the server to stop, cutting connections off; harder after 10 seconds, at last without mercy. */
export async function stopServer(cluster: Cluster, server: ServerProcess): Promise<void> {
  for (const [signal, patienceMs] of [
    ["INT", 10_000],
    ["QUIT", 5_000],
    ["KILL", 5_000],
  ] as const) {
    if (!isAlive(server.pid)) break;
    signalServer(cluster, server.pid, signal);
    const deadline = Date.now() + patienceMs;
    while (isAlive(server.pid) && Date.now() < deadline) await sleep(POLL_MS / 2);
  }
}

function signalServer(cluster: Cluster, pid: number, signal: "INT" | "QUIT" | "KILL"): void {
  if (process.platform === "win32") {
    spawnSync(cluster.binaries.pgCtl, ["kill", signal, String(pid)]);
    return;
  }
  try {
    process.kill(pid, `SIG${signal}`);
  } catch (error) {
    // It may have ended by itself, such as by the watchdog of the process before.
    if (!hasCode(error, "ESRCH")) throw error;
  }
}
