import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import type { Backups } from "./backups.ts";
import { nextDue, type Schedule } from "./due.ts";
import { failedSince, lastBegun } from "./runs.ts";

const LOOK_MS = 30_000;
/** A backup that was missed waits so long after the start of the process, which has other things to do then. */
const REST_AFTER_START_MS = 5 * 60_000;
/** One that failed is tried again after this, so many times in all. */
const RETRY_MS = 30 * 60_000;
const MOST_TRIES = 3;

interface SchedulerDeps {
  backups: Pick<Backups, "create">;
  records: Records;
  logger: Logger;
  schedule: Schedule;
  /** Whether administrators let it run. */
  isRunning(): boolean;
  now(): Date;
}

/**
 * Makes backups at their time, each once over all replicas, and verifies them. Times that passed while nobody ran are
 * made up for by one backup some minutes after the start.
 */
export function createScheduler(deps: SchedulerDeps) {
  const { backups, records, logger, schedule, now } = deps;
  const startedAt = now();
  let looking: Promise<void> | null = null;

  const dueNow = async () => {
    const due = nextDue(now(), await lastBegun(records), schedule);
    if (due.at > now()) return null;
    const failed = await failedSince(records, due.kind, due.at);
    const isGivenUp = failed.length >= MOST_TRIES || failed.some(({ state }) => state === "canceled");
    const lastAt = failed[0] && (failed[0].finishedAt ?? failed[0].startedAt);
    const mustWait = lastAt !== undefined && now().getTime() - lastAt.getTime() < RETRY_MS;
    return isGivenUp || mustWait ? null : due;
  };

  async function look(): Promise<void> {
    if (!deps.isRunning()) return;
    const due = await dueNow();
    if (!due) return;
    const wasMissed = due.at < startedAt;
    if (wasMissed && now().getTime() - startedAt.getTime() < REST_AFTER_START_MS) return;
    const isWanted = async () => (await dueNow())?.kind === due.kind;
    try {
      const { done } = await backups.create({ kind: due.kind, verify: true, isWanted });
      await done;
    } catch (error) {
      // Another replica is at it, or was a moment ago.
      if (error instanceof AppError && ["backup-running", "conflict"].includes(error.code)) return;
      throw error;
    }
  }

  /** Looks once, and makes what is due; never twice at a time. */
  const tick = (): Promise<void> => {
    const tried = async () => {
      try {
        await look();
      } catch (error) {
        logger.warn("The schedule of backups could not be followed", { error });
      } finally {
        looking = null;
      }
    };
    looking ??= tried();
    return looking;
  };

  return {
    tick,
    /** Looks now and then from now on, until the result is called. */
    start(): () => void {
      const timer = setInterval(tick, LOOK_MS).unref();
      return () => clearInterval(timer);
    },
  };
}
