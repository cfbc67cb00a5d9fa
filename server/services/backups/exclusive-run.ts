import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { BackupRun } from "../../models/backup-run.ts";
import type { Records } from "../../models/records.ts";
import { failureOf } from "./failure.ts";
import { takeBackupLock } from "./lock.ts";
import {
  beginRun,
  endRun,
  type NewRun,
  NO_PROGRESS,
  noteProgress,
  type Outcome,
  type Progress,
} from "./runs.ts";

/** How often progress is written down, and looked for somebody who wants it to stop. */
const NOTE_MS = 1000;

export interface RunDeps {
  url: string;
  records: Records;
  logger: Logger;
  /** Aborts when the process stops. */
  stopping: AbortSignal;
  now(): Date;
  /** What runs in this process. */
  running: Set<Promise<unknown>>;
}

export interface RunHandle {
  id: string;
  /** Aborts when it is to stop: canceled, the lock lost, the process stopping. */
  signal: AbortSignal;
  report(progress: Partial<Progress>): void;
}

/** Somebody asked for the end of it. */
const CANCELED = new AppError("canceled");

/**
 * Does `work` as the only one over all replicas. Resolves as soon as it has begun; `done` never rejects and gives the
 * run as it ended. Throws `backup-running` where another is at it, and `conflict` where `isWanted`, asked once nobody else
 * can be at it, says no.
 */
export async function runExclusively(
  deps: RunDeps,
  { isWanted, ...what }: Omit<NewRun, "startedAt"> & { isWanted?: () => Promise<boolean> },
  work: (handle: RunHandle) => Promise<Partial<Outcome>>,
): Promise<{ run: BackupRun; done: Promise<BackupRun> }> {
  const { records, logger } = deps;
  const lock = await takeBackupLock(deps.url);
  if (!lock) throw new AppError("backup-running");
  let run: BackupRun;
  try {
    if (isWanted && !(await isWanted())) throw new AppError("conflict");
    run = await beginRun(records, { ...what, startedAt: deps.now() });
  } catch (error) {
    await lock.release();
    throw error;
  }
  const canceled = new AbortController();
  const signal = AbortSignal.any([canceled.signal, lock.lost, deps.stopping]);
  const notes = noteRegularly(deps, run.id, () => canceled.abort(CANCELED));

  const perform = async (): Promise<BackupRun> => {
    let outcome: Omit<Outcome, "finishedAt">;
    try {
      signal.throwIfAborted();
      outcome = { state: "succeeded", ...(await work({ id: run.id, signal, report: notes.report })) };
    } catch (error) {
      const isCanceled = canceled.signal.aborted;
      outcome = { state: isCanceled ? "canceled" : "failed", failure: isCanceled ? null : failureOf(error) };
      if (!isCanceled) logger.error("The backup's run failed", { task: what.task, kind: what.kind, error });
    }
    await notes.stop();
    await lock.tellEnd();
    // Before the lock is given back: whoever takes it next may close what still counts as running.
    await endRun(records, run.id, { ...notes.latest(), ...outcome, finishedAt: deps.now() }).catch((error) =>
      logger.error("The end of the backup's run could not be put on record", { error }),
    );
    await lock.release();
    return run.reload().catch(() => run);
  };
  const done = perform();
  deps.running.add(done);
  void done.finally(() => deps.running.delete(done));
  return { run, done };
}

function noteRegularly({ records, logger }: RunDeps, id: string, cancel: () => void) {
  const latest: Progress = { ...NO_PROGRESS };
  let noting: Promise<void> | null = null;
  const note = async () => {
    try {
      const { cancelRequested } = await noteProgress(records, id, latest);
      if (cancelRequested) cancel();
    } catch (error) {
      logger.warn("The backup's progress could not be put on record", { error });
    }
  };
  const timer = setInterval(() => {
    noting ??= note().finally(() => {
      noting = null;
    });
  }, NOTE_MS);
  return {
    report: (progress: Partial<Progress>) => void Object.assign(latest, progress),
    latest: () => latest,
    async stop() {
      clearInterval(timer);
      await noting;
    },
  };
}
