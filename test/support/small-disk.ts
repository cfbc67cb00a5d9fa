import { spawnSync } from "node:child_process";
import { mkdtemp, rm, statfs, truncate, writeFile } from "node:fs/promises";
import path from "node:path";

/** A place with little room for a server's files. */
export interface SmallDisk {
  folder: string;
  /** Leaves room for so many bytes: of all files together, or where the machine gives no disk for each file. */
  fill(bytes: number): Promise<void>;
  /** Gives the room back. */
  free(): Promise<void>;
  dispose(): Promise<void>;
}

const succeeds = (command: string, args: string[]) => spawnSync(command, args).status === 0;

/** A file system of its own in memory; null where this process may not mount one. */
export async function mountSmallDisk(parent: string, bytes: number): Promise<SmallDisk | null> {
  const folder = await mkdtemp(path.join(parent, "disk-"));
  if (!succeeds("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder])) {
    await rm(folder, { recursive: true });
    return null;
  }
  const filler = path.join(folder, "filler");
  await writeFile(filler, "");
  return {
    folder,
    async fill(room) {
      await truncate(filler, 0);
      const { bavail, bsize } = await statfs(folder);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - room)));
    },
    free: () => truncate(filler, 0),
    async dispose() {
      succeeds("umount", ["-l", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A limit on the size of every file that a running process writes (RLIMIT_FSIZE), which it meets as it meets a full
 * disk; null where there is no `prlimit`.
 */
export async function limitFiles(parent: string, pidOf: () => number): Promise<SmallDisk | null> {
  if (!succeeds("prlimit", ["--pid", String(process.pid), "--fsize"])) return null;
  const limit = (soft: string) => {
    if (!succeeds("prlimit", ["--pid", String(pidOf()), `--fsize=${soft}:`])) {
      throw new Error("The limit of file sizes could not be set.");
    }
  };
  const folder = await mkdtemp(path.join(parent, "files-"));
  return {
    folder,
    fill: async (bytes) => limit(String(bytes)),
    free: async () => limit("unlimited"),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
