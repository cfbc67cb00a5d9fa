import { createWriteStream } from "node:fs";
import { mkdir, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { keyToPath } from "../storage/key-path.ts";
import { rethrowDiskFull } from "../system-errors.ts";
import type { FileEntry } from "./manifest.ts";
import { paced } from "./progress.ts";
import { openFile, readFileList } from "./read-backup.ts";
import type { ReadBackupOptions } from "./types.ts";

interface RestoreFilesOptions extends ReadBackupOptions {
  /** Absolute; laid out as the store of the product afterwards. */
  folder: string;
  /** Which files are restored; all without it. */
  isChosen?: (entry: FileEntry) => boolean;
}

/**
 * Writes the files of a backup into a folder, with their times, and compares every one. What is there already is
 * replaced; after a failure the folder holds a part.
 * @throws AppError `backup-damaged`, `backup-missing`, `backup-key`, `disk-full`
 */
export async function restoreFiles(options: RestoreFilesOptions): Promise<void> {
  const { target, manifest, folder, signal } = options;
  const report = paced(options.onProgress);
  let doneBytes = 0;
  let done = 0;
  for await (const entry of readFileList(target, manifest)) {
    done++;
    doneBytes += entry.bytes;
    report({
      phase: "files",
      doneBytes,
      totalBytes: manifest.files.totalBytes,
      done,
      total: manifest.files.count,
    });
    if (options.isChosen?.(entry) === false) continue;
    const path = keyToPath(folder, entry.key);
    await mkdir(dirname(path), { recursive: true });
    const content = createWriteStream(path, { flush: true });
    await pipeline(openFile(options, entry), content, { signal }).catch(rethrowDiskFull);
    const modifiedAt = new Date(entry.modifiedMs);
    await utimes(path, modifiedAt, modifiedAt);
  }
}
