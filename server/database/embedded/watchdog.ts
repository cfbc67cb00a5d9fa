import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Cluster } from "./cluster.ts";

/** Stops the server when this process is gone, however it went. */
export interface Watchdog {
  /** Ends the watchdog without stopping a server that still runs. */
  dismiss(): Promise<void>;
}

/**
 * Waits on a pipe that closes with this process. Then it stops the server, unless a later process has taken
 * the server over (its token stands in the keeper file) or the server's number is no longer that server.
 */
const SHELL_SCRIPT = `
while read -r line; do :; done
read -r keeper < "$1" && [ "$keeper" = "$2" ] || exit 0
read -r pid < "$3/postmaster.pid" && [ "$pid" = "$4" ] && kill -INT "$pid"`;

const WINDOWS_SCRIPT = `
const [keeperFile, token, cluster, pid, pgCtl] = process.argv.slice(1);
const first = (file) => require("node:fs").readFileSync(file, "utf8").split("\\n")[0].trim();
process.stdin.resume().on("close", () => {
  if (first(keeperFile) === token && first(cluster + "/postmaster.pid") === pid)
    require("node:child_process").spawnSync(pgCtl, ["kill", "INT", pid]);
});`;

/** Sets a watchdog on the server `pid`; it is replaced when somebody kills it. */
export function setWatchdog(cluster: Cluster, pid: number): Watchdog {
  const keeperFile = path.join(path.dirname(cluster.folder), "keeper");
  const token = randomUUID();
  fs.writeFileSync(keeperFile, `${token}\n`);
  const facts = [keeperFile, token, cluster.folder, String(pid)];
  let dismissed = false;
  let child: ChildProcess;
  const start = () => {
    if (dismissed) return;
    child =
      process.platform === "win32"
        ? launch(process.execPath, ["-e", WINDOWS_SCRIPT, ...facts, cluster.binaries.pgCtl])
        : launch("/bin/sh", ["-c", SHELL_SCRIPT, "photo-to-3d-watchdog", ...facts]);
    child.once("exit", () => {
      setTimeout(start, 1000).unref();
    });
    // Without a watchdog the server still stops with an orderly end of this process.
    child.once("error", () => {});
  };
  start();
  return {
    dismiss() {
      dismissed = true;
      fs.rmSync(keeperFile, { force: true });
      return new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return resolve();
        child.ref();
        child.once("exit", () => resolve());
        child.stdin?.end();
      });
    },
  };
}

function launch(program: string, args: string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"], detached: true });
  child.stdin?.on("error", () => {});
  (child.stdin as unknown as { unref?(): void }).unref?.();
  child.unref();
  return child;
}
