import { createHash, randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { rename, rm, rmdir, utimes } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { moveDurably } from "../../storage/durable-file.ts";
import { keyToPath } from "../../storage/key-path.ts";
import { hasCode } from "../../system-errors.ts";
import type { RestoreJournal } from "./journal.ts";
import { linkOnce } from "./link-once.ts";
import type { RestoreNote } from "./restore-files.ts";

/*
 * A process may stand still while its lock is lost, and go on when another one has settled its restore. So no lock is
 * relied on here: a former file is kept once, by whoever comes first, and before anything is taken back all that waits
 * to be placed is put out of reach.
 */

/** SHA-256 of a file, hexadecimal; null where there is none. */
async function hashOf(file: string, signal?: AbortSignal): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash, { signal });
    return hash.digest("hex");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

/** Whether the store lacks a file of the backup, or has other bytes under its key; null: it has it. */
export async function howItDiffers(
  root: string,
  { key, sha256 }: { key: string; sha256: string },
  signal: AbortSignal,
): Promise<"added" | "replaced" | null> {
  const found = await hashOf(keyToPath(root, key), signal);
  return found === sha256 ? null : found === null ? "added" : "replaced";
}

/** Moves where there is something to move; tells whether there was. */
async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await moveDurably(from, to, `${to}.part`);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** Files that the store lacks: harmless before the backup is in place, for nothing names them. */
export async function placeAdded(
  root: string,
  journal: RestoreJournal,
  { added }: RestoreNote,
  signal: AbortSignal,
): Promise<void> {
  for (const key of added) {
    signal.throwIfAborted();
    const arrival = keyToPath(journal.incoming, key);
    // A sweep takes what is old and without a name for remains.
    await utimes(arrival, new Date(), new Date()).catch(() => undefined);
    await moveIfThere(arrival, keyToPath(root, key));
  }
}

/** Whether a file of a backup that is in place still waits to be moved there. */
export const isArrivalLeft = ({ incoming }: RestoreJournal, { replaced }: RestoreNote): boolean =>
  replaced.some((key) => existsSync(keyToPath(incoming, key)));

/** Files in the place of others, which are kept; once the backup is in place. Repeating it is harmless, also at once. */
export async function placeReplaced(
  root: string,
  { incoming, outgoing }: RestoreJournal,
  { replaced }: RestoreNote,
  signal: AbortSignal,
): Promise<void> {
  for (const key of replaced) {
    signal.throwIfAborted();
    const [arrival, kept] = [keyToPath(incoming, key), keyToPath(outgoing, key)];
    if ((await hashOf(arrival)) === null) continue;
    await keepOnce(keyToPath(root, key), kept);
    await moveIfThere(arrival, keyToPath(root, key));
  }
}

/** What is kept already is the former file, however often its place has been taken since. */
async function keepOnce(file: string, kept: string): Promise<void> {
  if ((await linkOnce(file, kept)) !== "unable") return;
  if ((await hashOf(kept)) === null) await moveIfThere(file, kept);
}

/** The store as it was; of added files those stay that are named by now. Repeating it is harmless. */
export async function takeBackFiles(
  root: string,
  { incoming, outgoing }: RestoreJournal,
  { added, replaced }: RestoreNote,
  isNamed: (key: string) => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  await rename(incoming, `${incoming}-${randomUUID()}`).catch((error) => {
    if (!hasCode(error, "ENOENT")) throw error;
  });
  for (const key of replaced) {
    signal.throwIfAborted();
    await moveIfThere(keyToPath(outgoing, key), keyToPath(root, key));
  }
  for (const key of added) {
    if (await isNamed(key)) continue;
    signal.throwIfAborted();
    await removeFile(root, key);
  }
}

/** With the folders that it leaves empty. */
async function removeFile(root: string, key: string): Promise<void> {
  const file = keyToPath(root, key);
  await rm(file, { force: true });
  const top = path.resolve(root);
  for (
    let folder = path.dirname(file);
    path.dirname(folder) !== top && folder !== top;
    folder = path.dirname(folder)
  ) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}
