import { access, readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "../../server/system-errors.ts";

const PATIENCE_MS = 300_000;

/** The paths of all files below a folder; it is listed again where a folder in it went away meanwhile. */
export async function filesBelow(folder: string): Promise<string[]> {
  for (;;) {
    try {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => path.join(parentPath, name));
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
      await access(folder);
    }
  }
}

/** Waits until no work in progress has a file in the store, for five minutes at most. */
export async function untilNoWork(uploads: string): Promise<void> {
  const temp = path.join(uploads, "temp");
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(20)) {
    const left = await readdir(temp);
    if (left.length === 0) return;
    if (performance.now() > deadline) throw new Error(`Work leaves files behind: ${left.join(", ")}`);
  }
}
