import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { rethrowDiskFull } from "../system-errors.ts";
import { checked } from "./bytes.ts";
import { openDatabaseDump } from "./read-backup.ts";
import type { ReadBackupOptions } from "./types.ts";
import { writeNewFile } from "./write-new-file.ts";

interface FetchOptions extends ReadBackupOptions {
  /** Where the packed dump lies meanwhile; nobody else may write there. */
  folder: string;
}

/**
 * The dump as plain SQL, for whoever runs it: it is fetched and compared as a whole before, so that no statement comes
 * out that is not in the manifest's checksum, even if somebody changes the dump meanwhile.
 * @throws AppError `backup-damaged`, `backup-missing`, `backup-key`, `disk-full`
 */
export async function fetchDatabaseDump(options: FetchOptions): Promise<Readable> {
  const { target, manifest, folder, signal } = options;
  const { database } = manifest;
  const name = `${manifest.name}/${database.name}`;
  const file = path.join(folder, `dump-${randomUUID()}`);
  const remove = () => rm(file, { force: true });
  try {
    await mkdir(folder, { recursive: true });
    const stored = checked(await target.get(name, signal), database, name);
    await writeNewFile(file, stored, signal).catch(rethrowDiskFull);
    const kept = { ...target, get: async () => Readable.from(contentOf(file), { objectMode: false }) };
    const stream = await openDatabaseDump({ ...options, target: kept });
    return stream.once("close", () => void remove().catch(() => undefined));
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Opened by whoever reads it, who hears of all that fails. */
async function* contentOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file);
}
