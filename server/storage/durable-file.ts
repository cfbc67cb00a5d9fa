import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode, rethrowDiskFull } from "../system-errors.ts";

const MAX_RENAME_ATTEMPTS = 5;

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename or a new name in this folder survive a power cut. Windows cannot sync a folder. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folder and its missing parents, and syncs every folder that got a new name. */
async function makeFolder(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true });
  if (!firstMade) return;
  for (let made = path; made.length >= firstMade.length; made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}

/** Renames into a folder that somebody may remove, being empty, at the same moment. */
async function renameInto(source: string, target: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await makeFolder(dirname(target));
    try {
      return await rename(source, target);
    } catch (error) {
      if (!hasCode(error, "ENOENT") || attempt === MAX_RENAME_ATTEMPTS) throw error;
    }
  }
}

/**
 * Moves a file so that `target` holds the whole content or is untouched, also after a power cut. Where the two
 * are on different devices it is copied to `part`, a free path beside the target's device, first.
 * @throws AppError `disk-full`; the source is then still there
 */
export async function moveDurably(source: string, target: string, part: string): Promise<void> {
  try {
    await syncFile(source);
    try {
      await renameInto(source, target);
    } catch (error) {
      if (!hasCode(error, "EXDEV")) throw error;
      await copyFile(source, part);
      await syncFile(part);
      await renameInto(part, target);
      await rm(source, { force: true });
    }
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(part, { force: true });
    rethrowDiskFull(error);
  }
}
