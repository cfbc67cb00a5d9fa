import type pg from "pg";
import { Op, QueryTypes } from "sequelize";
import { v7 as newId } from "uuid";
import type { BackupKind, BackupRun as Told } from "../../contract/backup.ts";
import type { LocalizedText } from "../../contract/common.ts";
import type { BackupRun } from "../../models/backup-run.ts";
import type { Records } from "../../models/records.ts";
import type { LastBegun, ScheduledKind } from "./due.ts";
import type { Failure } from "./failure.ts";
import { LOCK_IS_HELD } from "./lock.ts";

export interface Progress {
  step: Told["step"];
  filesDone: number;
  filesTotal: number | null;
  bytesDone: number;
  bytesTotal: number | null;
  /** As soon as there is a backup. */
  filename?: string;
}

export const NO_PROGRESS: Progress = {
  step: "preparing",
  filesDone: 0,
  filesTotal: null,
  bytesDone: 0,
  bytesTotal: null,
};

const CUT_OFF: Failure = {
  code: "internal",
  detail: {
    en: "The process that ran it ended before its time. Nothing half was kept; make it again.",
    ru: "Процесс, который этим занимался, прервался. Ничего недоделанного не осталось; повторите.",
  },
};

/** Tells all replicas that something about backups has changed. */
const tell = (records: Records) =>
  records.sequelize.query("SELECT pg_notify('system_changed', 'backups')", { type: QueryTypes.SELECT });

export interface NewRun {
  task: Told["task"];
  kind?: BackupKind | null;
  filename?: string | null;
  startedAt: Date;
}

/** Puts a new run on record. Only the holder of the lock may: what then still counts as running was cut off. */
export async function beginRun(records: Records, run: NewRun): Promise<BackupRun> {
  await settleCutOff(records);
  const made = await records.BackupRun.create({ id: newId(), ...run, state: "running", step: "preparing" });
  await tell(records);
  return made.reload();
}

/** Closes the runs of processes that died. Only for the holder of the lock. */
export async function settleCutOff(records: Records): Promise<void> {
  await records.BackupRun.update(
    { state: "failed", error: CUT_OFF.detail.en, failure: CUT_OFF, finishedAt: new Date() },
    { where: { state: "running" } },
  );
}

/** As `settleCutOff`, for the holder of the lock that has but a connection. */
export const settleCutOffBy = (client: pg.Client) =>
  client.query(
    `UPDATE public.backup_runs SET state = 'failed', error = $1, failure = $2, finished_at = now()
      WHERE state = 'running'`,
    [CUT_OFF.detail.en, CUT_OFF],
  );

/** Notes how far it is; answers whether somebody wants it to stop. */
export async function noteProgress(
  records: Records,
  id: string,
  progress: Progress,
): Promise<{ cancelRequested: boolean }> {
  const [, [row]] = await records.BackupRun.update({ ...progress } as object, {
    where: { id },
    returning: true,
  });
  await tell(records);
  return { cancelRequested: row?.cancelRequested ?? false };
}

export interface Outcome extends Partial<Progress> {
  state: "succeeded" | "failed" | "canceled";
  failure?: Failure | null;
  verifiedOk?: boolean | null;
  verifiedAt?: Date | null;
  sizeBytes?: number;
  finishedAt: Date;
}

export async function endRun(records: Records, id: string, outcome: Outcome): Promise<void> {
  const error = outcome.failure?.detail.en ?? null;
  await records.BackupRun.update({ ...outcome, error } as object, { where: { id } });
  await tell(records);
}

/** Asks whoever runs one to stop; false where nothing runs. */
export async function requestCancel(records: Records): Promise<boolean> {
  const running = await currentRun(records);
  if (!running) return false;
  const [changed] = await records.BackupRun.update(
    { cancelRequested: true },
    { where: { id: running.id, state: "running" } },
  );
  return changed > 0;
}

/** What runs now, on whichever replica; a row whose process died is none. */
export async function currentRun(records: Records): Promise<BackupRun | null> {
  const [held] = await records.sequelize.query<{ held: boolean }>(`SELECT ${LOCK_IS_HELD} AS held`, {
    type: QueryTypes.SELECT,
  });
  if (!held.held) return null;
  return records.BackupRun.findOne({ where: { state: "running" }, order: [["startedAt", "DESC"]] });
}

export interface RunHistory {
  last: BackupRun | null;
  lastSuccessAt: Date | null;
  lastVerifiedAt: Date | null;
}

export async function readHistory({ BackupRun }: Records): Promise<RunHistory> {
  const [last, lastSuccessAt, lastVerifiedAt] = await Promise.all([
    BackupRun.findOne({
      where: { state: { [Op.ne]: "running" } },
      order: [["finishedAt", "DESC"]],
    }),
    BackupRun.max<Date | null, BackupRun>("finishedAt", { where: { task: "create", state: "succeeded" } }),
    BackupRun.max<Date | null, BackupRun>("verifiedAt", { where: { verifiedOk: true } }),
  ]);
  return { last, lastSuccessAt, lastVerifiedAt };
}

/** For the schedule: what was made of each kind, and how often the newest wanted one was tried in vain. */
export async function lastBegun({ BackupRun }: Records): Promise<LastBegun> {
  const last = (kind: ScheduledKind) =>
    BackupRun.max<Date | null, BackupRun>("startedAt", {
      where: { task: "create", kind, state: "succeeded" },
    });
  const [daily, weekly] = await Promise.all([last("daily"), last("weekly")]);
  return { daily, weekly };
}

/** Tries of this kind since the time for which it was wanted that came to nothing; the newest first. */
export const failedSince = ({ BackupRun }: Records, kind: ScheduledKind, since: Date): Promise<BackupRun[]> =>
  BackupRun.findAll({
    where: { task: "create", kind, state: { [Op.ne]: "succeeded" }, startedAt: { [Op.gte]: since } },
    order: [["startedAt", "DESC"]],
  });

export const presentRun = (run: BackupRun, locale: keyof LocalizedText): Told => ({
  id: run.id,
  task: run.task,
  kind: run.kind,
  filename: run.filename,
  state: run.state,
  step: run.step,
  filesDone: Number(run.filesDone),
  filesTotal: run.filesTotal === null ? null : Number(run.filesTotal),
  bytesDone: Number(run.bytesDone),
  bytesTotal: run.bytesTotal === null ? null : Number(run.bytesTotal),
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
  error: run.failure?.detail[locale] ?? run.error,
  errorCode: run.failure?.code ?? null,
});
