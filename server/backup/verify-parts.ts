import { AppError } from "../errors.ts";
import { checked, damaged, type Sum, sumOf } from "./bytes.ts";
import type { FileEntry } from "./manifest.ts";
import { paced } from "./progress.ts";
import { listBackups, openFile, readFileList, readManifest } from "./read-backup.ts";
import type { BackupTarget } from "./target.ts";
import type { ReadBackupOptions } from "./types.ts";

interface VerifyOptions extends ReadBackupOptions {
  /** Which contents of files are read; all without it. */
  isChosen?: (entry: FileEntry) => boolean;
  /** A damaged content is removed, so that the next backup copies it anew; not for who needs what is left of it. */
  removesDamaged?: boolean;
}

/**
 * Reads all parts of a backup as they are stored and compares them with what was written; no secret key is needed.
 * @throws AppError `backup-damaged` or `backup-missing`
 */
export async function verifyParts(options: VerifyOptions): Promise<void> {
  const { target, signal } = options;
  const manifest = await readManifest(target, options.manifest.name);
  const { database, files } = manifest;
  const report = paced(options.onProgress);
  let doneBytes = 0;
  let done = 0;
  const name = `${manifest.name}/${database.name}`;
  await sumOf(checked(await target.get(name, signal), database, name));
  const seen = new Set<string>();
  for await (const entry of readFileList(target, manifest)) {
    signal?.throwIfAborted();
    const { key } = entry.stored;
    done++;
    doneBytes += entry.bytes;
    report({ phase: "verify", doneBytes, totalBytes: files.totalBytes, done, total: files.count });
    if (seen.has(key) || options.isChosen?.(entry) === false) continue;
    seen.add(key);
    const found = await sumOf(await target.get(key, signal));
    if (isEqual(found, entry.stored) || (await isSameWithin(options, entry))) continue;
    if (options.removesDamaged && !(await isNotedElsewhere(target, manifest.name, key, found)))
      await target.remove(key);
    throw damaged(key);
  }
}

const isEqual = (one: Sum, other: Sum) => one.bytes === other.bytes && one.sha256 === other.sha256;

/** A content that was encrypted anew, after damage, has other bytes for backups from before: the key tells. */
async function isSameWithin(options: VerifyOptions, entry: FileEntry): Promise<boolean> {
  if (options.manifest.recipient === null || options.identity === undefined) return false;
  try {
    await sumOf(openFile(options, entry));
    return true;
  } catch (error) {
    if (error instanceof AppError && ["backup-damaged", "backup-key"].includes(error.code)) return false;
    throw error;
  }
}

/** Whether another backup relies on these very bytes. */
async function isNotedElsewhere(
  target: BackupTarget,
  name: string,
  key: string,
  found: Sum,
): Promise<boolean> {
  for (const other of await listBackups(target)) {
    if (other === name) continue;
    try {
      for await (const { stored } of readFileList(target, await readManifest(target, other))) {
        if (stored.key === key && isEqual(stored, found)) return true;
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return false;
}
