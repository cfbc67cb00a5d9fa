import { QueryTypes } from "sequelize";
import type { KeySource, Preset, ProviderId } from "../contract/provider.ts";
import { LEASE_SECONDS, type Lease } from "./generation-state.ts";
import type { Records } from "./records.ts";

/** Work that a provider has: it runs, or it was canceled and its paid result is still wanted. */
const REMOTE = `provider = $1 AND remote_id IS NOT NULL AND status IN ('processing', 'canceled') AND wake_at IS NOT NULL`;

/** A generation that this process alone may poll until its lease ends. */
export interface ClaimedPoll extends Lease {
  status: "processing" | "canceled";
  remoteId: string;
  userId: string;
  keySource: KeySource;
  network: string;
  preset: Preset | null;
  requestId: string | null;
  traceparent: string | null;
  /** Since the work began. */
  ageSeconds: number;
  /** How long the provider has called it done without saying where the result is; null where it has not. */
  missingSeconds: number | null;
  isOverdue: boolean;
  /** The address of the result is known. */
  hasResult: boolean;
  /** The end of the lease, as the database writes it. */
  lease: string;
}

/** How many polls are due, counted up to `limit`, and the seconds until the next one that is not; null without one. */
export async function peekPolls(records: Records, provider: ProviderId, limit: number) {
  const [peek] = await records.sequelize.query<{ due: number; nextSeconds: number | null }>(
    `SELECT (SELECT count(*) FROM (SELECT FROM generation_tasks WHERE ${REMOTE} AND wake_at <= now() LIMIT $2) AS d)::int
              AS due,
            (SELECT extract(epoch FROM min(wake_at) - now())::float8 FROM generation_tasks
              WHERE ${REMOTE} AND wake_at > now()) AS "nextSeconds"`,
    { type: QueryTypes.SELECT, bind: [provider, limit] },
  );
  return peek;
}

/**
 * How often each generation that a provider has in hand may be asked for, if all have the same share of the rate of
 * all processes together: seconds.
 */
export async function readCrowd(records: Records, provider: ProviderId): Promise<number> {
  const [{ fairSeconds }] = await records.sequelize.query<{ fairSeconds: number }>(
    `SELECT count(*) / (SELECT requests_per_second FROM provider_limits WHERE provider = $1) AS "fairSeconds"
       FROM generation_tasks WHERE ${REMOTE}`,
    { type: QueryTypes.SELECT, bind: [provider] },
  );
  return fairSeconds;
}

/**
 * Takes up to `limit` due polls, the longest due first. The time of the next poll moves ahead by a lease, so that no
 * other process takes the same one, and a process that dies delays it only.
 */
export async function claimPolls(
  records: Records,
  provider: ProviderId,
  limit: number,
): Promise<ClaimedPoll[]> {
  const [rows] = await records.sequelize.query(
    `UPDATE generation_tasks SET wake_at = now() + interval '${LEASE_SECONDS} seconds'
      WHERE id IN (SELECT id FROM generation_tasks WHERE ${REMOTE} AND wake_at <= now()
                    ORDER BY wake_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id, fence, status, remote_id AS "remoteId", user_id AS "userId", key_source AS "keySource", network, preset, request_id AS "requestId", traceparent,
       extract(epoch FROM now() - coalesce(started_at, created_at))::float8 AS "ageSeconds",
       extract(epoch FROM now() - result_missing_since)::float8 AS "missingSeconds",
       coalesce(deadline_at < now(), false) AS "isOverdue", result_url IS NOT NULL AS "hasResult", wake_at::text AS lease`,
    { bind: [provider, limit] },
  );
  return rows as ClaimedPoll[];
}

/** What a poll said about work that goes on. */
export interface PolledRunning extends Pick<ClaimedPoll, "id" | "fence" | "lease"> {
  percent: number | null;
  /** The provider calls it done without an address. */
  isResultMissing: boolean;
  delaySeconds: number;
}

/**
 * Writes what polls said, all in one statement. Progress never falls, and what did not change tells nobody. A poll
 * that was brought forward meanwhile stays there; none is later than the deadline.
 */
export async function writePolls(records: Records, polls: readonly PolledRunning[]): Promise<void> {
  await records.sequelize.query(
    `UPDATE generation_tasks AS g SET
       progress = CASE WHEN g.status = 'processing' AND p.percent IS NOT NULL
                       THEN greatest(coalesce(g.progress, 0), p.percent) ELSE g.progress END,
       result_missing_since = CASE WHEN p.missing THEN coalesce(g.result_missing_since, now()) END,
       wake_at = CASE WHEN g.wake_at = p.lease
                      THEN least(now() + p.delay * interval '1 second',
                                 greatest(coalesce(g.deadline_at, 'infinity'), now()))
                      ELSE g.wake_at END
      FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::real[], $5::boolean[], $6::float8[])
        AS p (id, fence, lease, percent, missing, delay)
     WHERE g.id = p.id AND g.fence = p.fence AND g.status IN ('processing', 'canceled') AND g.wake_at IS NOT NULL`,
    {
      bind: [
        polls.map(({ id }) => id),
        polls.map(({ fence }) => fence),
        polls.map(({ lease }) => lease),
        polls.map(({ percent }) => percent),
        polls.map(({ isResultMissing }) => isResultMissing),
        polls.map(({ delaySeconds }) => delaySeconds),
      ],
    },
  );
}

/** Makes the next poll of a generation due now. */
export async function bringPollForward(records: Records, id: string): Promise<void> {
  await records.sequelize.query(
    `UPDATE generation_tasks SET wake_at = now()
      WHERE id = $1 AND remote_id IS NOT NULL AND status IN ('processing', 'canceled') AND wake_at > now()`,
    { bind: [id] },
  );
}

/** Work whose deadline passed more than a minute ago, at most `limit` of it. */
export async function findOverdue(
  records: Records,
  provider: ProviderId,
  limit: number,
): Promise<(Lease & Pick<ClaimedPoll, "status">)[]> {
  return records.sequelize.query<Lease & Pick<ClaimedPoll, "status">>(
    `SELECT id, fence, status FROM generation_tasks
      WHERE ${REMOTE} AND wake_at <= now() AND deadline_at < now() - interval '1 minute' LIMIT $2`,
    { type: QueryTypes.SELECT, bind: [provider, limit] },
  );
}

/** Ends the wait for the result of a canceled generation. */
export async function stopPolling(records: Records, { id, fence }: Lease): Promise<void> {
  await records.Generation.update({ wakeAt: null }, { where: { id, fence, status: "canceled" } });
}
