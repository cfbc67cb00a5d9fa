import { readFile, statfs } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** Where version 2 of control groups shows the own group inside of a container. */
const CGROUP = "/sys/fs/cgroup";

/** Per cent in use of the fullest of the disks that hold these folders; what root alone may use counts as used. */
export async function diskPercent(folders: readonly string[]): Promise<number> {
  const used = await Promise.all(
    folders.map(async (folder) => {
      const { blocks, bfree, bavail } = await statfsOfNearest(folder);
      const taken = blocks - bfree;
      return (100 * taken) / (taken + bavail);
    }),
  );
  return Math.max(...used);
}

/** A folder that isn't there yet is on the disk of the next one above it. */
async function statfsOfNearest(folder: string) {
  try {
    return await statfs(folder);
  } catch (error) {
    const parent = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || parent === folder) throw error;
    return statfsOfNearest(parent);
  }
}

/** Per cent of the memory of the machine, or of the container where that has less, that can't be had any more. */
export async function memoryPercent(): Promise<number> {
  const total = os.totalmem();
  const limit = process.constrainedMemory();
  const used = limit > 0 && limit < total ? await containerBytes() : null;
  return used === null ? (100 * (total - os.freemem())) / total : Math.min(100, (100 * used) / limit);
}

/**
 * Bytes that the container holds, without pages of files that the kernel gives back when asked: the working set as
 * Kubernetes reckons it. Null where it is not to be found.
 */
async function containerBytes(): Promise<number | null> {
  try {
    const [current, stat] = await Promise.all([
      readFile(`${CGROUP}/memory.current`, "utf8"),
      readFile(`${CGROUP}/memory.stat`, "utf8"),
    ]);
    const cached = Number(/^inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0);
    return Number(current) - cached;
  } catch {
    return null;
  }
}
