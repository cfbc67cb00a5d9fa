import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { RestorePoint } from "../../../server/services/restore/deps.ts";
import { until } from "../until.ts";
import { REFUSED } from "./dying-exit.ts";
import type { SmallInstallation } from "./small-installation.ts";

const DYING = path.resolve(import.meta.dirname, "dying-restore.ts");

/** Restores a backup in a process of its own, which tells its points and gets a signal at one of them. */
export function restoreApart(
  { url, store, backups }: SmallInstallation,
  filename: string,
  point: RestorePoint | "never",
  signal: NodeJS.Signals = "SIGKILL",
) {
  const args = [DYING, url, JSON.stringify(store), backups, filename, point, signal];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  return { child, exited: once(child, "exit"), closed: once(child, "close"), complaint: () => complaint };
}

/**
 * Until a restore was killed at this point. While somebody is still at the one before it is refused, and begun again;
 * whatever else it ends with is a fault.
 */
export const untilKilledAt = (there: SmallInstallation, filename: string, point: RestorePoint) =>
  until(`a restore is killed at ${point}`, async () => {
    const { child, closed, complaint } = restoreApart(there, filename, point);
    child.stdout.resume();
    const [code, signal] = await closed;
    if (signal === "SIGKILL") return true;
    if (code === REFUSED) return false;
    throw new Error(`The restore ended with ${code ?? signal} before ${point}. ${complaint()}`);
  });
