import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { QueryTypes } from "sequelize";
import { openTarget } from "../../backup/open-target.ts";
import type { BackupTarget } from "../../backup/target.ts";
import { readCatalogue } from "../../services/backups/catalogue.ts";
import { type Check, type Finding, ok, type Patient, problem, warning } from "../check.ts";
import { inMebibytes } from "../mebibytes.ts";

const HOUR_MS = 3_600_000;
/** One of each day, and some time for it. */
const OLD_HOURS = 26 + 24;
const LITTLE_BYTES = 1024 ** 3;
const TIMEOUT_MS = 20_000;

/** Whether backups can be kept, and when the last one was proved whole. */
export const backups: Check = {
  name: "backups",
  async run(patient) {
    let target: BackupTarget;
    try {
      target = await openTarget(patient.config.backup.target);
      await tryOut(target);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const cure =
        "Let the product's account write there; for a bucket check BACKUP_DIR, S3_ENDPOINT, S3_REGION and the S3 keys.";
      return [problem(`Backups can't be kept where BACKUP_DIR says: ${why}`, cure)];
    }
    const found: Finding[] = [];
    const free = await target.freeBytes();
    if (free < LITTLE_BYTES) {
      const cure = "Free some space, set BACKUP_DIR to a larger disk, or lower BACKUP_RETENTION_DAYS.";
      found.push(warning(`Only ${inMebibytes(free)} are free for backups in ${target.name}.`, cure));
    }
    return [...found, await lastVerified(target, patient)];
  },
};

async function tryOut(target: BackupTarget): Promise<void> {
  const key = `check-${randomUUID()}`;
  const bytes = Buffer.from(key);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  await target.put(
    key,
    (async function* () {
      yield bytes;
    })(),
    signal,
  );
  try {
    const found = await buffer(await target.get(key, signal));
    if (!found.equals(bytes)) throw new Error("It gives back other bytes than were written.");
  } finally {
    await target.remove(key);
  }
}

async function lastVerified(target: BackupTarget, { config, database }: Patient): Promise<Finding> {
  const all = await readCatalogue(target);
  const last = all.find(({ isLastVerified }) => isLastVerified);
  const way = config.backup.schedule
    ? "Run npm run backup, and see the log of the server at the hour of its schedule."
    : "Run npm run backup from time to time, or set BACKUP_SCHEDULE=on.";
  if (last?.verdict?.restoredAt) {
    const hours = Math.round((Date.now() - Date.parse(last.verdict.restoredAt)) / HOUR_MS);
    const message = `The last backup that was restored and compared is ${last.filename}, ${hours} hours ago, of ${all.length}.`;
    return hours > OLD_HOURS ? warning(message, way) : ok(message);
  }
  if (all.length > 0) return warning(`None of the ${all.length} backups was restored and compared yet.`, way);
  if (!(await isOld(database))) return ok(`${target.name} can be written; there is no backup yet.`);
  return warning(`There is no backup in ${target.name}.`, way);
}

/** Whether there is something that a schedule would have saved by now. */
async function isOld(database: Patient["database"]): Promise<boolean> {
  if (!database?.isMigrated) return false;
  const [{ old }] = await database.sequelize.query<{ old: boolean }>(
    `SELECT EXISTS (SELECT FROM models_3d WHERE created_at < now() - interval '${OLD_HOURS} hours') AS old`,
    { type: QueryTypes.SELECT },
  );
  return old;
}
