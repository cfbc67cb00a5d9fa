import { makeBackup } from "../../backup/make-backup.ts";
import { backupName, type Manifest } from "../../backup/manifest.ts";
import { listBackups } from "../../backup/read-backup.ts";
import { sweepTarget } from "../../backup/remove-backup.ts";
import type { BackupKind } from "../../contract/backup.ts";
import { AppError } from "../../errors.ts";
import type { BackupDeps } from "./deps.ts";
import type { RunHandle } from "./exclusive-run.ts";
import { progressOf } from "./run-progress.ts";

/** Makes a backup within a run. What it has left in vain on a full disk goes at once: others need the room. */
export async function make(
  deps: BackupDeps,
  handle: RunHandle,
  kind: BackupKind,
  trialRecipient: string | undefined,
): Promise<Manifest> {
  const { url, storage, target, signer, config, version } = deps;
  // What a process that was killed has left would only take room.
  await sweepTarget(target, handle.signal);
  const made = makeBackup({
    url,
    storage,
    target,
    kind,
    startedAt: await freeMoment(deps, kind),
    productVersion: version,
    recipient: config.ageRecipient,
    trialRecipient,
    bytesPerSecond: config.bytesPerSecond,
    signer,
    signal: handle.signal,
    onProgress: progressOf(handle),
  });
  return made.catch(async (error) => {
    if (error instanceof AppError && error.code === "disk-full") {
      await sweepTarget(target, handle.signal).catch(() => undefined);
    }
    throw error;
  });
}

/** Names hold whole seconds: two of the same second would have one name. */
async function freeMoment({ target, now }: BackupDeps, kind: BackupKind): Promise<Date> {
  const names = await listBackups(target);
  const at = now();
  while (names.includes(backupName(at, kind))) at.setTime(at.getTime() + 1000);
  return at;
}
