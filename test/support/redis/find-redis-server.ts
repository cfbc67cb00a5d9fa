import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const CACHE = path.resolve(import.meta.dirname, "../../../node_modules/.cache");
const UNPACKED = path.join(CACHE, "redis-server");
/** Debian's redis-tools holds the program; the others are what it needs and a slim system lacks. */
const PACKAGES = ["redis-tools", "liblzf1", "libjemalloc2", "libatomic1"];
/** Its first name in that package; by it the program tells that it shall check a file, not serve. */
const PACKED_NAME = "usr/bin/redis-check-rdb";
const DOWNLOAD_MS = 10_000;

/** A program of Redis that runs on this machine. */
export interface RedisServer {
  command: string;
  /** Where its libraries are. */
  libraries: string | null;
  version: string;
}

/** The one of this machine, else that of Debian's packages without installing them; null where neither can be had. */
export async function findRedisServer(): Promise<RedisServer | null> {
  const installed = await tryOut("redis-server", null);
  if (installed) return installed;
  if (!existsSync(UNPACKED)) await unpackFromDebian().catch(() => {});
  return unpacked();
}

async function unpacked(): Promise<RedisServer | null> {
  const libraries = path.join(UNPACKED, "usr/lib");
  const [triplet] = await readdir(libraries).catch(() => []);
  return triplet ? tryOut(path.join(UNPACKED, "redis-server"), path.join(libraries, triplet)) : null;
}

async function tryOut(command: string, libraries: string | null): Promise<RedisServer | null> {
  try {
    const { stdout } = await run(command, ["--version"], { env: environmentOf({ libraries }) });
    return { command, libraries, version: /v=(\S+)/.exec(stdout)![1] };
  } catch {
    return null;
  }
}

export const environmentOf = ({ libraries }: Pick<RedisServer, "libraries">) => ({
  PATH: process.env.PATH,
  ...(libraries && { LD_LIBRARY_PATH: libraries }),
});

/** Several test files may do so at a time: each in a folder of its own, and the first one's stays. */
async function unpackFromDebian(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(path.join(CACHE, "redis-download-"));
  try {
    const options = { cwd: folder, timeout: DOWNLOAD_MS };
    await run("apt-get", ["-q", "-o", "Acquire::Retries=0", "download", ...PACKAGES], options);
    const files = await readdir(folder);
    for (const file of files) await run("dpkg-deb", ["-x", file, "root"], options);
    const root = path.join(folder, "root");
    await rename(path.join(root, PACKED_NAME), path.join(root, "redis-server"));
    await rename(root, UNPACKED);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
