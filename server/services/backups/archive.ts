import { makeZip } from "client-zip";
import { readFileList, readManifest } from "../../backup/read-backup.ts";
import type { BackupTarget } from "../../backup/target.ts";

/**
 * A backup with the contents of all its files as one ZIP archive, laid out as in the place where backups are kept:
 * unpacked into an empty BACKUP_DIR it is a backup there. It is made as it is read, with one chunk in memory, and may
 * be larger than 4 GiB (Zip64).
 */
export const archiveBackup = (target: BackupTarget, filename: string): ReadableStream<Uint8Array> =>
  makeZip(entriesOf(target, filename), { buffersAreUTF8: true });

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
