import { createKeyPair } from "../../backup/age.ts";
import { makeBackup } from "../../backup/make-backup.ts";
import { backupName, type Manifest } from "../../backup/manifest.ts";
import { listBackups } from "../../backup/read-backup.ts";
import { removeBackup, sweepTarget } from "../../backup/remove-backup.ts";
import type { BackupTarget } from "../../backup/target.ts";
import type { OnProgress } from "../../backup/types.ts";
import type { Backup, BackupKind } from "../../contract/backup.ts";
import { AppError } from "../../errors.ts";
import type { BackupRun } from "../../models/backup-run.ts";
import type { OperationsConfig } from "../../operations-config.ts";
import type { Storage } from "../../storage/storage.ts";
import { type Actor, audit, SERVER } from "../audit.ts";
import { readCatalogue, writeVerdict } from "./catalogue.ts";
import { type RunDeps, type RunHandle, runExclusively } from "./exclusive-run.ts";
import { takeBackupLock } from "./lock.ts";
import { pastTime } from "./retention.ts";
import type { Outcome } from "./runs.ts";
import { verifyBackup } from "./verify-backup.ts";

export interface BackupDeps extends RunDeps {
  storage: Storage;
  target: BackupTarget;
  /** Of the product. */
  version: string;
  config: Pick<OperationsConfig["backup"], "ageRecipient" | "bytesPerSecond" | "retentionDays">;
}

interface CreateOptions {
  kind: BackupKind;
  verify: boolean;
  by?: Actor;
  /** Asked once nobody else can be making one. */
  isWanted?: () => Promise<boolean>;
}

/** A run that has begun; `done` never rejects and gives it as it ended. */
export interface BegunRun {
  run: BackupRun;
  done: Promise<BackupRun>;
}

/** Making, verifying and removing backups, one at a time over all replicas: otherwise `backup-running` is thrown. */
export function createBackups(deps: BackupDeps) {
  const { records, target } = deps;
  return {
    create: ({ kind, verify, by = SERVER, isWanted }: CreateOptions): Promise<BegunRun> =>
      runExclusively(deps, { task: "create", kind, isWanted }, async (handle) => {
        const trial = verify && deps.config.ageRecipient !== null ? await createKeyPair() : null;
        const manifest = await make(deps, handle, kind, trial?.recipient);
        const { name: filename, database, files } = manifest;
        handle.report({ filename });
        const outcome = verify ? await tryToVerify(deps, handle, filename, trial?.identity) : {};
        await audit(records, { action: "backup.created", details: { filename }, by });
        handle.report({ step: "cleaning" });
        await clean(deps, handle.signal);
        return { ...outcome, sizeBytes: database.bytes + files.totalBytes };
      }),

    /** Throws `backup-missing` where there is none of this name. */
    async verify(filename: string, by: Actor): Promise<BegunRun> {
      await assertThere(target, filename);
      return runExclusively(deps, { task: "verify", filename }, async (handle) => {
        const outcome = await verify(deps, handle, filename);
        await audit(records, {
          action: "backup.verified",
          details: { filename, ok: outcome.verifiedOk },
          by,
        });
        return outcome;
      });
    },

    /**
     * Contents of files that no other backup has go too. Throws `backup-last-verified` for the last one that was
     * found whole, unless `force` is given, and `backup-missing`.
     */
    async remove(filename: string, { force, by }: { force: boolean; by: Actor }): Promise<void> {
      const lock = await takeBackupLock(deps.url);
      if (!lock) throw new AppError("backup-running");
      try {
        await assertThere(target, filename);
        const found = (await readCatalogue(target)).find((backup) => backup.filename === filename);
        if (found?.isLastVerified && !force) throw new AppError("backup-last-verified");
        await removeBackup(target, filename, lock.lost);
        await audit(records, { action: "backup.deleted", details: { filename, force }, by });
        await sweepTarget(target, lock.lost);
      } finally {
        await lock.release();
      }
    },

    list: (): Promise<Backup[]> => readCatalogue(target),
  };
}

export type Backups = ReturnType<typeof createBackups>;

export async function assertThere(target: BackupTarget, filename: string): Promise<void> {
  if (!(await listBackups(target)).includes(filename)) throw new AppError("backup-missing");
}

async function make(
  deps: BackupDeps,
  handle: RunHandle,
  kind: BackupKind,
  trialRecipient: string | undefined,
): Promise<Manifest> {
  const { url, storage, target, config, version } = deps;
  // What a process that was killed has left would only take room.
  await sweepTarget(target, handle.signal);
  return makeBackup({
    url,
    storage,
    target,
    kind,
    startedAt: await freeMoment(deps, kind),
    productVersion: version,
    recipient: config.ageRecipient,
    trialRecipient,
    bytesPerSecond: config.bytesPerSecond,
    signal: handle.signal,
    onProgress: progressOf(handle),
  });
}

/** Names hold whole seconds: two of the same second would have one name. */
async function freeMoment({ target, now }: BackupDeps, kind: BackupKind): Promise<Date> {
  const names = await listBackups(target);
  const at = now();
  while (names.includes(backupName(at, kind))) at.setTime(at.getTime() + 1000);
  return at;
}

/** A backup that could not be tried out is still one: the run says so, and the list that it wasn't verified. */
async function tryToVerify(
  deps: BackupDeps,
  handle: RunHandle,
  filename: string,
  identity?: string,
): Promise<Partial<Outcome>> {
  try {
    return await verify(deps, handle, filename, identity);
  } catch (error) {
    handle.signal.throwIfAborted();
    deps.logger.error("The backup was made, but could not be verified", { filename, error });
    const reason = error instanceof AppError ? error.detail.en : String(error);
    return { error: `The backup was made, but could not be verified: ${reason}` };
  }
}

async function verify(
  { url, storage, target, logger }: BackupDeps,
  handle: RunHandle,
  filename: string,
  identity?: string,
): Promise<Partial<Outcome>> {
  handle.report({ step: "verifying", filesDone: 0, filesTotal: null, bytesDone: 0, bytesTotal: null });
  const { signal } = handle;
  const onProgress = progressOf(handle);
  const found = await verifyBackup({ url, storage, target, filename, identity, signal, onProgress });
  const verdict = await writeVerdict(target, filename, found);
  if (!verdict.ok) {
    const error = `The backup ${filename} is not whole: ${verdict.details.join(" ")}`;
    logger.error("A backup was found not to be whole", { filename, details: verdict.details });
    return { state: "failed", error, verifiedOk: false, verifiedAt: new Date(verdict.at) };
  }
  // Equal checksums alone are no proof that it can be restored.
  return verdict.scope === "restored" ? { verifiedOk: true, verifiedAt: new Date(verdict.at) } : {};
}

/** Removes what has had its time; a failure costs room, and the next run tries again. */
async function clean(
  { target, config, now, records, logger }: BackupDeps,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const filename of pastTime(await readCatalogue(target), now(), config.retentionDays)) {
      await removeBackup(target, filename, signal);
      await audit(records, { action: "backup.deleted", details: { filename, reason: "age" }, by: SERVER });
    }
    await sweepTarget(target, signal);
  } catch (error) {
    logger.warn("Old backups could not be removed", { error });
  }
}

const STEPS = { database: "database", files: "files", verify: "verifying" } as const;

const progressOf =
  (handle: RunHandle): OnProgress =>
  ({ phase, done, total, doneBytes, totalBytes }) => {
    // After the last table come the files, and the first of them may be a large one.
    if (phase === "database" && done === total) return handle.report({ step: "files", bytesDone: 0 });
    const isDatabase = phase === "database";
    handle.report({
      step: STEPS[phase],
      filesDone: isDatabase ? 0 : done,
      filesTotal: isDatabase ? null : total,
      bytesDone: doneBytes,
      bytesTotal: totalBytes,
    });
  };
