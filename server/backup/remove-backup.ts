import { CONTENTS, SUMS } from "./layout.ts";
import { isBackupName } from "./manifest.ts";
import { listBackups, readFileList, readManifest } from "./read-backup.ts";
import type { BackupTarget } from "./target.ts";

/** Removes a backup; contents of files that no other one has go with the next `sweepTarget`. `signal` ends it. */
export async function removeBackup(target: BackupTarget, name: string, signal: AbortSignal): Promise<void> {
  if (!isBackupName(name)) return;
  signal.throwIfAborted();
  // From here on it doesn't count as a backup, even if the process ends before the rest is gone.
  await target.remove(`${name}/${SUMS}`);
  for await (const { key } of target.list(`${name}/`, signal)) {
    signal.throwIfAborted();
    await target.remove(key);
  }
}

/**
 * Removes what is left of unfinished backups, and contents of files that no backup names. No backup may be in the
 * making meanwhile: `signal` must fire as soon as that is no longer sure. Contents stay while a backup's list can't be read: they may belong to it.
 * @returns how many contents went, and their bytes
 */
export async function sweepTarget(
  target: BackupTarget,
  signal: AbortSignal,
): Promise<{ contents: number; bytes: number }> {
  signal.throwIfAborted();
  await target.sweep();
  const complete = await listBackups(target);
  for await (const { key } of target.list("2", signal)) {
    signal.throwIfAborted();
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
  for await (const { key, bytes } of target.list(CONTENTS, signal)) {
    signal.throwIfAborted();
    if (named.has(key)) continue;
    await target.remove(key);
    gone.contents++;
    gone.bytes += bytes;
  }
  return gone;
}
