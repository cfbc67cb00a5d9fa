import { listBackups, readSignedManifest } from "../../backup/read-backup.ts";
import type { ManifestSigner } from "../../backup/signature.ts";
import type { BackupTarget } from "../../backup/target.ts";
import { adoptTarget, claimTarget, ownsTarget } from "../../backup/target-owner.ts";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import { readInstallationId } from "../store-owner.ts";

interface Deps {
  records: Records;
  target: BackupTarget;
  signer: ManifestSigner;
}

/** Where this installation has last kept its backups; beside the switches, for all replicas. */
export const PLACE = "backupPlace";

/** Before anything is written to the place of backups, or taken away. Throws `backup-target-owned`, `backup-target-refused`. */
export async function claimPlace(deps: Deps): Promise<void> {
  const { records, target } = deps;
  await claimTarget(target, await readInstallationId(records), async () => {
    await refuseEmptied(deps);
    return areOurs(deps);
  });
  await rememberPlace(deps);
}

/** Takes the place over from another installation, whose administrators must know; also where it was emptied. */
export async function adoptPlace(deps: Deps): Promise<void> {
  await adoptTarget(deps.target, await readInstallationId(deps.records));
  await rememberPlace(deps);
}

/** The folder of a disk that is not mounted is an empty folder of another disk, which backups would fill. */
async function refuseEmptied({ records, target }: Deps): Promise<void> {
  const place = await records.SystemValue.findByPk(PLACE);
  if (place?.value !== target.name || (await listBackups(target)).length > 0) return;
  throw new AppError("backup-target-refused", {
    detail: {
      en: `${target.name} is empty, but this installation has kept its backups there: maybe its disk is not mounted. Where it was emptied on purpose, npm run backup -- --adopt takes it anew.`,
      ru: `${target.name} пусто, а эта установка хранила там копии: возможно, диск не подключён. Если место очистили намеренно, займите его заново: npm run backup -- --adopt.`,
    },
  });
}

async function rememberPlace({ records, target }: Deps): Promise<void> {
  const place = await records.SystemValue.findByPk(PLACE);
  if (place?.value !== target.name) await records.SystemValue.upsert({ key: PLACE, value: target.name });
}

export const ownsPlace = async ({ records, target }: Deps): Promise<boolean> =>
  ownsTarget(target, await readInstallationId(records));

/** Whether every backup is signed by this installation, or on its record as one that it has made. */
async function areOurs({ records, target, signer }: Deps): Promise<boolean> {
  for (const filename of await listBackups(target)) {
    const found = await readSignedManifest(target, filename, signer).catch((error) => {
      if (error instanceof AppError && ["backup-damaged", "backup-missing"].includes(error.code)) return null;
      throw error;
    });
    if (found?.isOwn) continue;
    const run = await records.BackupRun.findOne({ where: { task: "create", state: "succeeded", filename } });
    if (!run) return false;
    if (!found) continue;
    // Two installations with the same hour may have made one in the same second.
    const { database, files } = found.manifest;
    if (Number(run.sizeBytes) !== database.bytes + files.totalBytes) return false;
  }
  return true;
}
