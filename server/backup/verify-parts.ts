import { AppError } from "../errors.ts";
import { checked, sumOf } from "./bytes.ts";
import type { FileEntry } from "./manifest.ts";
import { paced } from "./progress.ts";
import { readFileList, readManifest } from "./read-backup.ts";
import type { ReadBackupOptions } from "./types.ts";

interface VerifyOptions extends ReadBackupOptions {
  /** Which contents of files are read; all without it. */
  isChosen?: (entry: FileEntry) => boolean;
}

/**
 * Reads all parts of a backup as they are stored and compares them with what was written; no secret key is needed.
 * A damaged content is removed, so that the next backup copies it anew.
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
    try {
      await sumOf(checked(await target.get(key, signal), entry.stored, key));
    } catch (error) {
      if (error instanceof AppError && error.code === "backup-damaged") await target.remove(key);
      throw error;
    }
  }
}
