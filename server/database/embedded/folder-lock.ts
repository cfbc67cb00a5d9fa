import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

/** Another live process holds the folder. */
export class FolderBusyError extends Error {
  override name = "FolderBusyError";
}

export interface FolderLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes a data folder for this process. The lock is SQLite's own file lock: the operating system drops it when
 * the process ends in whatever way, so it never goes stale. Rejects with FolderBusyError, naming the holder's
 * pid, when the folder is still held after `patienceMs`.
 */
export async function lockFolder(folder: string, patienceMs: number): Promise<FolderLock> {
  const holderFile = path.join(folder, "holder.json");
  for (const deadline = Date.now() + patienceMs; ; await sleep(50)) {
    const lock = tryLock(folder);
    if (lock) {
      fs.writeFileSync(holderFile, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
      return {
        release() {
          fs.rmSync(holderFile, { force: true });
          lock.close();
        },
      };
    }
    if (Date.now() >= deadline) throw busy(folder, holderFile);
  }
}

function tryLock(folder: string): DatabaseSync | null {
  let lock: DatabaseSync | undefined;
  try {
    fs.mkdirSync(folder, { recursive: true });
    const lockFile = path.join(folder, "lock");
    fs.closeSync(fs.openSync(lockFile, "a", 0o600));
    lock = new DatabaseSync(lockFile, { timeout: 0 });
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw new Error(
      `The database folder ${folder} can't be used: ${(error as Error).message}. ` +
        "Start the product as the user who owns the folder, set DATA_DIR to a folder of your own, or set DATABASE_URL.",
      { cause: error },
    );
  }
}

function busy(folder: string, holderFile: string): FolderBusyError {
  let holder = "another process";
  try {
    holder = `process ${JSON.parse(fs.readFileSync(holderFile, "utf8")).pid}`;
  } catch {
    // The holder has locked the folder but not yet written its name.
  }
  return new FolderBusyError(
    `The database in ${folder} is in use by ${holder}. Stop that one first, or give this one its own DATA_DIR or a DATABASE_URL.`,
  );
}
