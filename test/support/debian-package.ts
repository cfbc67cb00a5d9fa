import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

const CACHE = path.resolve(import.meta.dirname, "../../node_modules/.cache");
const DOWNLOAD_MS = 120_000;
const TRIES = 3;
const PAUSE_MS = 5000;

/**
 * Packages of this machine's Debian or Ubuntu, unpacked below `node_modules/.cache` without installing them.
 * Answers the folder that stands for `/`; throws what apt said where they can't be had.
 */
export async function unpackedPackages(name: string, packages: string[]): Promise<string> {
  const unpacked = path.join(CACHE, `debian-${name}`);
  if (existsSync(unpacked)) return unpacked;
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(path.join(CACHE, `debian-${name}-download-`));
  try {
    await fetchPackages(folder, packages);
    const root = path.join(folder, "root");
    const files = (await readdir(folder)).filter((file) => file.endsWith(".deb"));
    for (const file of files) await run("dpkg-deb", ["-x", path.join(folder, file), root]);
    // Several test files may do so at a time: the first one's stays.
    await rename(root, unpacked).catch((error) => {
      if (!existsSync(unpacked)) throw error;
    });
    return unpacked;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** With the lists of the system, else with own ones; more than once, as a mirror may not answer for a moment. */
async function fetchPackages(folder: string, packages: string[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return void (await download(folder, packages).catch(async () =>
        download(folder, packages, await ownLists(folder)),
      ));
    } catch (error) {
      const { code, killed } = error as NodeJS.ErrnoException & { killed?: boolean };
      // There is no apt here, or one that reaches nobody.
      if (tries === TRIES || code === "ENOENT" || killed) throw error;
      await sleep(tries * PAUSE_MS);
    }
  }
}

const download = (folder: string, packages: string[], options: string[] = []) =>
  run("apt-get", ["-q", "-o", "Acquire::Retries=1", ...options, "download", ...packages], {
    cwd: folder,
    timeout: DOWNLOAD_MS,
  });

/** A slim system has no lists of packages, or old ones; only root could renew those, so these are our own. */
async function ownLists(folder: string): Promise<string[]> {
  const state = path.join(folder, "apt");
  await mkdir(path.join(state, "lists/partial"), { recursive: true });
  await mkdir(path.join(state, "cache/archives/partial"), { recursive: true });
  const options = [`Dir::State=${state}`, `Dir::Cache=${path.join(state, "cache")}`].flatMap((option) => [
    "-o",
    option,
  ]);
  await run("apt-get", ["-q", "-o", "Acquire::Retries=1", ...options, "update"], { timeout: DOWNLOAD_MS });
  return options;
}
