import { QueryTypes } from "sequelize";
import type { ProviderId } from "../contract/provider.ts";
import { closeAttempt } from "../models/attempt-state.ts";
import {
  fail,
  LEASE_SECONDS,
  lockGeneration,
  lookAgain,
  needConfirmation,
  requeue,
  waitForCall,
} from "../models/generation-state.ts";
import { findNetwork } from "../providers/networks.ts";
import { jobAbout, submitJobOf } from "../queue/catalogue.ts";
import { callWaitSeconds } from "./call-wait.ts";
import type { JobDeps } from "./deps.ts";

interface StaleRow {
  id: string;
  fence: number;
  status: "queued" | "submitting" | "processing" | "finishing" | "needs-confirmation" | "canceled";
  provider: ProviderId;
  remoteId: string | null;
  crashes: number;
  requestId: string | null;
  userId: string;
  traceparent: string | null;
  preset: string | null;
  network: string;
  /** Its result could not be had for days. */
  isForgotten: boolean;
  /** How often its result was taken up without an orderly end, at most; 0 while it waits for another try. */
  tries: number;
  /** How long it is known that the answer is lost, seconds; null where it is not known. */
  lostSeconds: number | null;
  /** The submit may have been accepted: the process died before the answer, or the answer is lost. */
  isUnsettled: boolean;
  /** The provider called and named the work. */
  isCalled: boolean;
}

/** A free generation that took the process down with it this often is given up. */
const MAX_CRASHES = 5;
const PROCESS_ENDED = "the process ended";
/** A result that was taken up this often without any end took the process down with it. */
const MAX_RESULT_TRIES = 20;
/** A result waits for its turn, for room on the disk or for its host, even if the deadline of the provider passes. */
const RESULT_DAYS = 4;
const AT_ONCE = 500;

/**
 * Takes up every generation that nobody works on any more: its lease ended because a process died, its job was
 * lost, or its deadline passed. What a provider has in hand is the poller's. Repeating it, or running it in several
 * processes at once, is harmless.
 */
export async function sweepGenerations(deps: JobDeps): Promise<number> {
  const polled = [...deps.directory.providers.keys()];
  const rows = await deps.records.sequelize.query<StaleRow>(
    `SELECT g.id, fence, status, provider, remote_id AS "remoteId", request_id AS "requestId", user_id AS "userId", traceparent,
            preset, network, coalesce(deadline_at < now() - interval '${RESULT_DAYS} days', false) AS "isForgotten",
            CASE WHEN error IS NULL THEN fence - attempts - result_tries - ${MAX_RESULT_TRIES} * result_refusals
                 ELSE 0 END AS tries,
            extract(epoch FROM now() - last.closed_at)::float8 AS "lostSeconds",
            last.state IS NOT NULL AS "isUnsettled", last.claimed_remote_id IS NOT NULL AS "isCalled",
            (SELECT count(*) FROM generation_attempts a
              WHERE a.generation_id = g.id AND a.message = '${PROCESS_ENDED}')::int AS crashes
       FROM generation_tasks g
       LEFT JOIN LATERAL (SELECT a.state, a.closed_at, a.claimed_remote_id FROM generation_attempts a
                           WHERE g.status = 'submitting' AND a.generation_id = g.id AND a.number = g.attempts
                             AND a.state IN ('open', 'unknown')) AS last ON true
      WHERE (status IN ('submitting', 'processing') AND wake_at < now()
              AND NOT (status = 'processing' AND remote_id IS NOT NULL AND provider IN (:polled)))
         OR (status IN ('needs-confirmation', 'canceled') AND remote_id IS NULL AND wake_at < now())
         OR (status = 'finishing' AND wake_at < now() - interval '3 seconds')
         OR (status = 'queued' AND NOT :isHeld AND updated_at < now() - interval '10 seconds'
              AND (key_source = 'own' OR provider NOT IN (SELECT provider FROM provider_pauses)))
      ORDER BY status IN ('queued', 'finishing'), created_at LIMIT ${AT_ONCE}`,
    { type: QueryTypes.SELECT, replacements: { polled, isHeld: deps.isHeld() } },
  );
  for (const [name, waiting] of Map.groupBy(rows, waitingJobOf)) {
    if (name) await deps.queue.enqueueAll(name, waiting.map(jobAbout));
    else for (const row of waiting) await takeUp(deps, row);
  }
  return rows.length;
}

/** The job that a row may only be waiting for behind others; asking for it twice is harmless. */
function waitingJobOf({ status, provider, isForgotten, tries }: StaleRow) {
  if (status === "queued") return submitJobOf(provider);
  return status === "finishing" && !isForgotten && tries <= MAX_RESULT_TRIES ? "finish" : null;
}

async function takeUp(deps: JobDeps, row: StaleRow): Promise<void> {
  const { records, queue, directory, logger, callbackBase } = deps;
  const job = jobAbout(row);
  const isFree = directory.providers.get(row.provider)?.isFree ?? false;
  if (row.status === "needs-confirmation" || row.status === "canceled") {
    await lookAgain(records, row.id);
    return queue.enqueue("wake", job);
  }
  logger.warn("A generation was left behind; taking it up", {
    ...job,
    traceparent: undefined,
    status: row.status,
  });
  if (row.status === "finishing") {
    await fail(records, row, { code: row.isForgotten ? "generation-timeout" : "internal" });
    return;
  }
  if (row.remoteId) {
    await fail(records, row, { code: "provider-unavailable" });
    return;
  }
  await records.sequelize.transaction(async (transaction) => {
    const { fence } = await lockGeneration(records, row.id, transaction);
    if (fence !== row.fence) return;
    if (!isFree) {
      await closeAttempt(records, row.id, { state: "unknown", message: PROCESS_ENDED }, transaction);
      const seconds = callbackBase ? secondsToWait(row, directory) : 0;
      if (seconds <= 0) return void (await needConfirmation(records, row, transaction));
      await waitForCall(records, row, seconds, transaction);
      return queue.enqueue("wake", job, { transaction });
    }
    await closeAttempt(records, row.id, { state: "unsent", message: PROCESS_ENDED }, transaction);
    if (row.crashes + 1 >= MAX_CRASHES) {
      await fail(records, row, { code: "generator-crashed" }, transaction);
    } else if (await requeue(records, row, transaction)) {
      await queue.enqueue(submitJobOf(row.provider), job, { transaction });
    }
  });
}

/** Until the next look at work whose answer is lost, seconds; 0 when the provider's call is not waited for any more. */
function secondsToWait(row: StaleRow, directory: JobDeps["directory"]): number {
  const network = findNetwork(row.provider, row.network, directory.networks);
  if (!row.isUnsettled || !network) return 0;
  const left = callWaitSeconds(row, network) - (row.lostSeconds ?? 0);
  return row.isCalled ? Math.min(left, LEASE_SECONDS) : left;
}
