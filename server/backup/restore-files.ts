import { createWriteStream } from "node:fs";
import { mkdir, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { keyToPath } from "../storage/key-path.ts";
import { rethrowDiskFull } from "../system-errors.ts";
import type { Bytes } from "./bytes.ts";
import { inLanes } from "./in-lanes.ts";
import type { FileEntry } from "./manifest.ts";
import { paced } from "./progress.ts";
import { openFile, readFileList } from "./read-backup.ts";
import type { ReadBackupOptions } from "./types.ts";

/** What is told of a file that is taken. */
export type RestoredFile = Pick<FileEntry, "key" | "bytes" | "sha256" | "modifiedMs">;

/** Takes a file to where it belongs. The content fails at its end where it is another one, and then the file isn't there. */
export type TakeFile = (file: RestoredFile, content: Bytes, signal?: AbortSignal) => Promise<void>;

interface RestoreFilesOptions extends ReadBackupOptions {
  take: TakeFile;
  /** How many files are taken at once; one without it. */
  lanes?: number;
  /** Which files are restored; all without it. */
  isChosen?: (entry: FileEntry) => boolean;
}

/**
 * Gives the files of a backup away, comparing every one; after a failure a part of them was taken.
 * @throws AppError `backup-damaged`, `backup-missing`, `backup-key`, and what `take` throws
 */
export async function restoreFiles(options: RestoreFilesOptions): Promise<void> {
  const { target, manifest, take, lanes = 1, signal } = options;
  const report = paced(options.onProgress);
  let doneBytes = 0;
  let done = 0;
  await inLanes(readFileList(target, manifest), lanes, async (entry) => {
    signal?.throwIfAborted();
    done++;
    doneBytes += entry.bytes;
    report({
      phase: "files",
      doneBytes,
      totalBytes: manifest.files.totalBytes,
      done,
      total: manifest.files.count,
    });
    if (options.isChosen?.(entry) === false) return;
    await take(entry, openFile(options, entry), signal);
  });
}

/**
 * Takes files into a folder, laid out as the store of the product, with their times. What is there already is replaced.
 * @throws AppError `disk-full`
 */
export const intoFolder =
  (folder: string): TakeFile =>
  async ({ key, modifiedMs }, content, signal) => {
    const path = keyToPath(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(content, createWriteStream(path, { flush: true }), { signal }).catch(rethrowDiskFull);
    const modifiedAt = new Date(modifiedMs);
    await utimes(path, modifiedAt, modifiedAt);
  };
