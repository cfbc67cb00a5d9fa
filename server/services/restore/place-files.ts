import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm, rmdir, utimes } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { moveDurably } from "../../storage/durable-file.ts";
import { keyToPath } from "../../storage/key-path.ts";
import { hasCode } from "../../system-errors.ts";
import type { RestoreJournal, RestoreNote } from "./journal.ts";

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
): Promise<void> {
  for (const key of added) {
    const arrival = keyToPath(journal.incoming, key);
    // A sweep takes what is old and without a name for remains.
    await utimes(arrival, new Date(), new Date()).catch(() => undefined);
    await moveIfThere(arrival, keyToPath(root, key));
  }
}

/** Files in the place of others, which are kept; once the backup is in place. Repeating it is harmless. */
export async function placeReplaced(
  root: string,
  { incoming, outgoing }: RestoreJournal,
  { replaced }: RestoreNote,
): Promise<void> {
  for (const key of replaced) {
    const [arrival, kept] = [keyToPath(incoming, key), keyToPath(outgoing, key)];
    if ((await hashOf(arrival)) === null) continue;
    if ((await hashOf(kept)) === null) await moveIfThere(keyToPath(root, key), kept);
    await moveIfThere(arrival, keyToPath(root, key));
  }
}

/** The store as it was; of added files those stay that are named by now. Repeating it is harmless. */
export async function takeBackFiles(
  root: string,
  { outgoing }: RestoreJournal,
  { added, replaced }: RestoreNote,
  isNamed: (key: string) => Promise<boolean>,
): Promise<void> {
  for (const key of replaced) await moveIfThere(keyToPath(outgoing, key), keyToPath(root, key));
  for (const key of added) if (!(await isNamed(key))) await removeFile(root, key);
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
