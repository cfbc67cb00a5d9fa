import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** What PostgreSQL's own postmaster.pid says. */
export interface Postmaster {
  pid: number;
  /** Seconds since 1970. */
  startedAt: number;
  port: number;
  status: "starting" | "ready" | "stopping";
}

/**
 * Reads postmaster.pid, or null where there is none (or it is being written). The layout (pid, data folder,
 * start time, port, socket folder, address, shared memory, status) is PostgreSQL's src/include/utils/pidfile.h.
 */
export function readPostmaster(cluster: string): Postmaster | null {
  let lines: string[];
  try {
    lines = fs.readFileSync(path.join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const [pid, , startedAt, port, , , , status = ""] = lines;
  if (!(Number(pid) > 0)) return null;
  const known = status.trim() === "ready" || status.trim() === "stopping" ? status.trim() : "starting";
  return {
    pid: Number(pid),
    startedAt: Number(startedAt),
    port: Number(port),
    status: known as Postmaster["status"],
  };
}

/** Whether a process with this id exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return (
    process.platform !== "linux" || !/^[ZX]$/.test(readProcess(pid, "stat")?.match(/\) (\S)/)?.[1] ?? "")
  );
}

/**
 * Whether `pid` is (or may be) the PostgreSQL of `cluster`, and not a stranger that was given the same number:
 * by its working folder, which is always the cluster, or where that is hidden by its program's name.
 */
export function servesCluster(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === "win32") return true;
  if (process.platform !== "linux") {
    return /postgres/.test(
      spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout,
    );
  }
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(cluster);
  } catch {
    return /(^|\/)postgres\0/.test(readProcess(pid, "cmdline") ?? "");
  }
}

function readProcess(pid: number, file: string): string | null {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return null;
  }
}
