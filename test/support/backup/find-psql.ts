import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const CACHE = path.resolve(import.meta.dirname, "../../../node_modules/.cache");
const UNPACKED = path.join(CACHE, "psql");
const DOWNLOAD_MS = 20_000;

/** A psql that runs on this machine. */
export interface Psql {
  command: string;
  /** Where its libraries are. */
  libraries: string | null;
  version: string;
}

/** The one of this machine, else that of Debian's packages without installing them; null where neither can be had. */
export async function findPsql(): Promise<Psql | null> {
  const installed = await tryOut("psql", null);
  if (installed) return installed;
  if (!existsSync(UNPACKED)) await unpackFromDebian().catch(() => {});
  return unpacked();
}

/** Its exit code for a script on standard input. */
export async function runPsql(psql: Psql, url: string, script: Buffer): Promise<number> {
  const child = spawn(psql.command, ["--no-psqlrc", "--quiet", "--output=/dev/null", url], {
    env: environmentOf(psql),
    stdio: ["pipe", "ignore", "inherit"],
  });
  // It may leave before it has read everything.
  child.stdin.on("error", () => {});
  child.stdin.end(script);
  const [code] = await once(child, "close");
  return code;
}

async function unpacked(): Promise<Psql | null> {
  const versions = path.join(UNPACKED, "usr/lib/postgresql");
  const [version] = await readdir(versions).catch(() => []);
  if (!version) return null;
  const libraries = (await readdir(path.join(UNPACKED, "usr/lib"))).find((name) => name.includes("-linux-"));
  return tryOut(
    path.join(versions, version, "bin/psql"),
    libraries ? path.join(UNPACKED, "usr/lib", libraries) : null,
  );
}

async function tryOut(command: string, libraries: string | null): Promise<Psql | null> {
  try {
    const { stdout } = await run(command, ["--version"], { env: environmentOf({ libraries }) });
    return { command, libraries, version: stdout.trim() };
  } catch {
    return null;
  }
}

const environmentOf = ({ libraries }: Pick<Psql, "libraries">) => ({
  PATH: process.env.PATH,
  ...(libraries && { LD_LIBRARY_PATH: libraries }),
});

/** Several test files may do so at a time: each in a folder of its own, and the first one's stays. */
async function unpackFromDebian(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(path.join(CACHE, "psql-download-"));
  try {
    const options = { cwd: folder, timeout: DOWNLOAD_MS };
    const { stdout } = await run("apt-cache", ["depends", "postgresql-client"], options);
    const client = /Depends: (postgresql-client-\d+)/.exec(stdout)?.[1] ?? "postgresql-client";
    await run("apt-get", ["-q", "-o", "Acquire::Retries=0", "download", client, "libpq5"], options);
    for (const file of await readdir(folder)) await run("dpkg-deb", ["-x", file, "root"], options);
    await rename(path.join(folder, "root"), UNPACKED);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
