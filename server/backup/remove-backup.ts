import { CONTENTS, SUMS } from "./layout.ts";
import { isBackupName } from "./manifest.ts";
import { listBackups, readFileList, readManifest } from "./read-backup.ts";
import type { BackupTarget } from "./target.ts";

/** Removes a backup; contents of files that no other one has go with the next `sweepTarget`. */
export async function removeBackup(target: BackupTarget, name: string): Promise<void> {
  if (!isBackupName(name)) return;
  // From here on it doesn't count as a backup, even if the process ends before the rest is gone.
  await target.remove(`${name}/${SUMS}`);
  for await (const { key } of target.list(`${name}/`)) await target.remove(key);
}

/**
 * Removes what is left of unfinished backups, and contents of files that no backup names. No backup may be in the
 * making meanwhile. Contents stay while a backup's list can't be read: they may belong to it.
 * @returns how many contents went, and their bytes
 */
export async function sweepTarget(target: BackupTarget): Promise<{ contents: number; bytes: number }> {
  await target.sweep();
  const complete = await listBackups(target);
  for await (const { key } of target.list("2")) {
    const [name] = key.split("/");
    if (isBackupName(name) && !complete.includes(name)) await target.remove(key);
  }
  const named = new Set<string>();
  for (const name of complete) {
    try {
      for await (const { stored } of readFileList(target, await readManifest(target, name)))
        named.add(stored.key);
    } catch {
      return { contents: 0, bytes: 0 };
    }
  }
  const gone = { contents: 0, bytes: 0 };
  for await (const { key, bytes } of target.list(CONTENTS)) {
    if (named.has(key)) continue;
    await target.remove(key);
    gone.contents++;
    gone.bytes += bytes;
  }
  return gone;
}
