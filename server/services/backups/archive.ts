import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { makeZip } from "client-zip";
import { readFileList, readManifest } from "../../backup/read-backup.ts";
import type { BackupTarget } from "../../backup/target.ts";

/**
 * A backup with the contents of all its files as one ZIP archive, laid out as in the place where backups are kept:
 * unpacked into an empty BACKUP_DIR it is a backup there. It is made as it is read, with one chunk in memory, and may
 * be larger than 4 GiB (Zip64).
 */
export function archiveBackup(target: BackupTarget, filename: string): Readable {
  const sources = new Set<Readable>();
  const get: BackupTarget["get"] = async (key) => {
    const source = await target.get(key);
    sources.add(source.once("close", () => sources.delete(source)));
    if (archive.destroyed) source.destroy();
    return source;
  };
  const zip = makeZip(entriesOf({ ...target, get }, filename), { buffersAreUTF8: true });
  const archive = Readable.fromWeb(zip as ReadableStream);
  // Where somebody leaves in the middle, the archiver doesn't let go of what it reads.
  archive.once("close", () => {
    for (const source of sources) source.destroy();
  });
  return archive;
}

async function* entriesOf(target: BackupTarget, filename: string) {
  const manifest = await readManifest(target, filename);
  const lastModified = new Date(manifest.startedAt);
  const entry = async (key: string) => ({ name: key, lastModified, input: await target.get(key) });
  const own: string[] = [];
  for await (const { key } of target.list(`${filename}/`)) own.push(key);
  for (const key of own.sort()) yield entry(key);
  const sent = new Set<string>();
  for await (const { stored } of readFileList(target, manifest)) {
    if (sent.has(stored.key)) continue;
    sent.add(stored.key);
    yield entry(stored.key);
  }
}
