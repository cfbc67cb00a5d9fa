import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const CACHE = path.resolve(import.meta.dirname, "../../node_modules/.cache");
const UNPACKED = path.join(CACHE, "promtool");
const DOWNLOAD_MS = 60_000;

/** Prometheus' own checker of metrics and rules. */
export interface Promtool {
  command: string;
  version: string;
}

/** The one of this machine, else that of Debian's package (19 MB) without installing it; null without both. */
export async function findPromtool(): Promise<Promtool | null> {
  const installed = await tryOut("promtool");
  if (installed) return installed;
  if (!existsSync(UNPACKED)) await unpackFromDebian().catch(() => {});
  return tryOut(UNPACKED);
}

async function tryOut(command: string): Promise<Promtool | null> {
  try {
    const { stdout } = await run(command, ["--version"]);
    return { command, version: /version (\S+)/.exec(stdout)![1] };
  } catch {
    return null;
  }
}

/** Several test files may do so at a time: each in a folder of its own, and the last one's stays. */
async function unpackFromDebian(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(path.join(CACHE, "promtool-download-"));
  try {
    const options = { cwd: folder, timeout: DOWNLOAD_MS };
    await run("apt-get", ["-q", "-o", "Acquire::Retries=0", "download", "prometheus"], options);
    const [file] = await readdir(folder);
    await run("dpkg-deb", ["-x", file, "root"], options);
    await rename(path.join(folder, "root/usr/bin/promtool"), UNPACKED);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
