import { setTimeout as sleep } from "node:timers/promises";
import { openSession } from "../../backup/session.ts";
import { isDatabaseAway } from "../../database/database-away.ts";
import { AppError } from "../../errors.ts";
import { hasCode } from "../../system-errors.ts";
import { type HeldLock, takeBackupLock } from "../backups/lock.ts";
import type { SwitchValue } from "../system/switches.ts";
import { auditRow, type CarriedOver } from "./carry-over.ts";
import type { RestoreDeps, RestoreOrder } from "./deps.ts";
import { readOutcome } from "./outcome.ts";
import { settleRestore } from "./recover.ts";
import { restoreId } from "./restore-files.ts";
import { writeRestoreNote } from "./restore-note.ts";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** Somebody else holds what is to be cleared away, and may give it back. */
const PASSING = ["55P03", "40P01"];

interface FailedRestore {
  deps: Pick<RestoreDeps, "url" | "files" | "logger" | "stopping">;
  order: Pick<RestoreOrder, "by">;
  startedAt: string;
  /** Another one afterwards, where it was lost with its connection. */
  lock: HeldLock;
}

/** What is told where the backup is not in place. */
type Failure = NonNullable<SwitchValue<"restoreFailure">>;

/** What a failed restore left could not be settled here; everything stays held until somebody does. */
export class UnsettledRestore extends Error {}

/** Neither the database nor the lock could be had; the next try may have them. */
class NotNow extends Error {}

/**
 * Finishes or takes back what a restore that failed has left, however often the database or the store goes away
 * meanwhile, until it is done or the process stops. Answers what was carried over where the backup is in place all the same, because only
 * the answer of the swap was lost; null where everything is as before.
 * @throws UnsettledRestore
 */
export async function settleFailed(failed: FailedRestore, failure: Failure): Promise<CarriedOver | null> {
  const { logger, stopping } = failed.deps;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await settleOnce(failed, failure);
    } catch (error) {
      if (stopping.aborted || !isPassing(error)) throw unsettled(error);
      logger.warn("What a failed restore has left can't be settled yet; trying again", { error });
    }
    await sleep(pauseMs, undefined, { signal: stopping }).catch((error) => {
      throw unsettled(error);
    });
  }
}

async function settleOnce(failed: FailedRestore, failure: Failure): Promise<CarriedOver | null> {
  const { deps, order } = failed;
  if (failed.lock.lost.aborted) failed.lock = await takeAgain(failed);
  const { lost } = failed.lock;
  await failed.lock.tellEnd();
  try {
    const client = await openSession(deps.url, lost).catch(later);
    try {
      if (await settleRestore(deps, client, lost)) {
        const { inPlace } = await readOutcome(client);
        if (inPlace !== restoreId(failed.startedAt)) return null;
        const { rows } = await client.query<{ toDecide: number }>(
          `SELECT (value ->> 'toDecide')::int AS "toDecide" FROM public.system_state WHERE key = 'restore'`,
        );
        return rows[0] ?? null;
      }
      const { filename } = failure;
      await auditRow(client, { action: "backup.restore-failed", details: { filename }, by: order.by });
      await writeRestoreNote(client, "restoreFailure", failure);
      return null;
    } finally {
      await client.end().catch(() => undefined);
    }
  } catch (error) {
    throw lost.aborted ? new NotNow("The lock was lost meanwhile.", { cause: error }) : error;
  }
}

/** Another process may have taken up what was left since the lock was lost, and then holds it. */
async function takeAgain({ deps, lock }: FailedRestore): Promise<HeldLock> {
  await lock.release();
  const again = await takeBackupLock(deps.url).catch(later);
  if (!again) throw new NotNow("Another process is at the backups.");
  return again;
}

function later(cause: unknown): never {
  throw new NotNow("The database lets nobody in.", { cause });
}

const isPassing = (error: unknown) =>
  error instanceof NotNow ||
  isDatabaseAway(error) ||
  hasCode(error, ...PASSING) ||
  (error instanceof AppError && error.code === "storage-unavailable");

const unsettled = (cause: unknown) =>
  new UnsettledRestore(
    "The restore failed, and what it has left could not be cleared away. Nothing can be changed until the next start of the server, or the next npm run restore, has done that.",
    { cause },
  );
