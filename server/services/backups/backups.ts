import { createKeyPair } from "../../backup/age.ts";
import { listBackups, readOwnManifest } from "../../backup/read-backup.ts";
import { removeBackup, sweepTarget } from "../../backup/remove-backup.ts";
import type { BackupTarget } from "../../backup/target.ts";
import type { Backup, BackupKind } from "../../contract/backup.ts";
import type { LocalizedText } from "../../contract/common.ts";
import { AppError } from "../../errors.ts";
import type { BackupRun } from "../../models/backup-run.ts";
import { type Actor, audit, SERVER } from "../audit.ts";
import { type CatalogueMemory, readCatalogue } from "./catalogue.ts";
import { adoptPlace, claimPlace } from "./claim.ts";
import { clean } from "./clean.ts";
import type { BackupDeps } from "./deps.ts";
import { runExclusively } from "./exclusive-run.ts";
import { takeBackupLock } from "./lock.ts";
import { make } from "./make-run.ts";
import { settleCutOff } from "./runs.ts";
import { tryToVerify, verify } from "./verify-run.ts";

interface CreateOptions {
  kind: BackupKind;
  verify: boolean;
  /** Whether the place is taken over where another installation keeps its backups there. */
  adopt?: boolean;
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
  const { records, target, signer } = deps;
  const memory: CatalogueMemory = new Map();
  return {
    create: ({ kind, verify, adopt = false, by = SERVER, isWanted }: CreateOptions): Promise<BegunRun> =>
      runExclusively(deps, { task: "create", kind, isWanted }, async (handle) => {
        await (adopt ? adoptPlace : claimPlace)(deps);
        const trial = verify && deps.config.ageRecipient !== null ? await createKeyPair() : null;
        const manifest = await make(deps, handle, kind, trial?.recipient);
        const { name: filename, database, files } = manifest;
        handle.report({ filename });
        const outcome = verify ? await tryToVerify(deps, handle, filename, trial?.identity) : {};
        await audit(records, { action: "backup.created", details: { filename }, by });
        handle.report({ step: "cleaning" });
        if (!handle.signal.aborted) await clean(deps, handle.signal);
        return { ...outcome, sizeBytes: database.bytes + files.totalBytes };
      }),

    /** Throws `backup-missing` where there is none of this name, `backup-foreign` unless `foreign` is given. */
    async verify(filename: string, { foreign, by }: { foreign: boolean; by: Actor }): Promise<BegunRun> {
      await assertThere(target, filename);
      await readOwnManifest(target, filename, { signer, foreign }).catch(ignoreDamage);
      return runExclusively(deps, { task: "verify", filename }, async (handle) => {
        const outcome = await verify(deps, handle, { filename, foreign });
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
        await settleCutOff(records);
        await assertThere(target, filename);
        const found = (await readCatalogue(target, { signer })).find(
          (backup) => backup.filename === filename,
        );
        if (found?.isLastVerified && !force) throw new AppError("backup-last-verified");
        await claimPlace(deps);
        await removeBackup(target, filename, lock.lost);
        await audit(records, { action: "backup.deleted", details: { filename, force }, by });
        await sweepTarget(target, lock.lost);
      } finally {
        await lock.release();
      }
    },

    list: (locale: keyof LocalizedText = "en"): Promise<Backup[]> =>
      readCatalogue(target, { signer, locale, memory }),
  };
}

export type Backups = ReturnType<typeof createBackups>;

export async function assertThere(target: BackupTarget, filename: string): Promise<void> {
  if (!(await listBackups(target)).includes(filename)) throw new AppError("backup-missing");
}

/** What is damaged is found out, and put on record, by the run. */
function ignoreDamage(error: unknown): void {
  if (!(error instanceof AppError && ["backup-damaged", "backup-missing"].includes(error.code))) throw error;
}
