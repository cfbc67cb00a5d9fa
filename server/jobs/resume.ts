import { QueryTypes } from "sequelize";
import type { ProviderId } from "../contract/provider.ts";
import { jobAbout, submitJobOf } from "../queue/catalogue.ts";
import type { JobDeps } from "./deps.ts";

/** Beyond that the sweep goes on. */
const AT_ONCE = 5000;

interface QueuedRow {
  id: string;
  provider: ProviderId;
  requestId: string | null;
  userId: string;
  traceparent: string | null;
}

/** Begins all that waits in the queue, however short a time. Repeating it, or in several processes at once, is harmless. */
export async function takeUpQueued({ records, queue }: Pick<JobDeps, "records" | "queue">): Promise<void> {
  const rows = await records.sequelize.query<QueuedRow>(
    `SELECT id, provider, request_id AS "requestId", user_id AS "userId", traceparent FROM generation_tasks
      WHERE status = 'queued'
        AND (key_source = 'own' OR provider NOT IN (SELECT provider FROM provider_pauses))
      ORDER BY created_at LIMIT ${AT_ONCE}`,
    { type: QueryTypes.SELECT },
  );
  for (const [provider, waiting] of Map.groupBy(rows, (row) => row.provider)) {
    await queue.enqueueAll(submitJobOf(provider), waiting.map(jobAbout));
  }
}

interface HoldDeps
  extends Pick<JobDeps, "records" | "queue" | "isHeld" | "isFrozen" | "logger" | "stopping"> {
  /** Calls back whenever `isHeld` or `isFrozen` may have changed. */
  watchHold: (listener: () => void) => () => void;
  /** After which a job comes again that came during a restore. */
  frozenSeconds: number;
}

/** Whenever work is no longer held back, begins at once what waited. `dispose` waits for what is under way. */
export function resumeHeldWork(deps: HoldDeps): { dispose(): Promise<void> } {
  const { queue, logger, stopping } = deps;
  let before = { isHeld: deps.isHeld(), isFrozen: deps.isFrozen() };
  let resuming = Promise.resolve();

  async function resume(wasFrozen: boolean): Promise<void> {
    try {
      if (wasFrozen) await queue.bringForward(deps.frozenSeconds);
      await takeUpQueued(deps);
    } catch (error) {
      logger.warn("What waited was not begun at once; the sweep does so", { error });
    }
  }
  const unwatch = deps.watchHold(() => {
    const { isHeld: wasHeld, isFrozen: wasFrozen } = before;
    before = { isHeld: deps.isHeld(), isFrozen: deps.isFrozen() };
    if (!wasHeld || before.isHeld || stopping.aborted) return;
    resuming = resuming.then(() => resume(wasFrozen));
  });

  return {
    async dispose() {
      unwatch();
      await resuming;
    },
  };
}
