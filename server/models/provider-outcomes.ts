import { QueryTypes, type Transaction } from "sequelize";
import type { ProviderId } from "../contract/provider.ts";
import { type BreakerState, CREATES_IN_A_ROW } from "./provider-limits.ts";
import type { Records } from "./records.ts";

export interface OutcomeReport {
  /** Requests that the provider answered as a working service does, whatever the answer says. */
  successes: number;
  /** Requests whose fault counts against the provider by the retry table. */
  failures: number;
  /** What the last failure was, for the operator. */
  fault?: string;
  /** How long ago the last of these requests began: the breaker believes only what began when it was half-open. */
  begunSecondsAgo: number;
  /** How a create call ended, where one of these requests was one. */
  create?: "well" | "badly";
  /** How long the provider wants nobody to ask. */
  waitSeconds?: number;
}

const WINDOW_SECONDS = 30;
/** Opens the breaker: so many failures in a row, or so many in the window that are half of its requests. */
const IN_A_ROW = 3;
const IN_WINDOW = 6;
/** The first opening; every further one is twice as long until the provider was well for a window. */
const OPEN_SECONDS = 5;
const LONGEST_OPEN_SECONDS = 120;
const LONGEST_WAIT_SECONDS = 600;
/** Each create call that fails after so many in a row holds back the next ones for twice as long. */
const HOLD_CREATES_SECONDS = 10;
const LONGEST_HOLD_SECONDS = 300;

/**
 * Tells all replicas how requests to a provider ended; requests that prove neither are left out of both numbers.
 * Once the breaker has opened, only a probe closes it or opens it anew: requests that were under way before may still
 * succeed or fail.
 * Returns the breaker's state after the report.
 */
export async function reportOutcomes(
  { sequelize }: Pick<Records, "sequelize">,
  provider: ProviderId,
  { successes, failures, fault, create, begunSecondsAgo, waitSeconds = 0 }: OutcomeReport,
  transaction?: Transaction,
): Promise<BreakerState> {
  const [row] = await sequelize.query<{ state: BreakerState }>(REPORT, {
    bind: [
      provider,
      successes,
      failures,
      begunSecondsAgo,
      Math.min(waitSeconds, LONGEST_WAIT_SECONDS),
      fault ?? null,
      create ?? null,
    ],
    type: QueryTypes.SELECT,
    transaction,
  });
  if (!row) throw new Error(`No limits are set for the provider ${provider}`);
  return row.state;
}

/** $1 provider, $2 successes, $3 failures, $4 seconds since the last began, $5 seconds to wait, $6 fault, $7 the end of a create call. */
const REPORT = `
UPDATE provider_limits p
   SET window_started_at = CASE WHEN s.is_new_window OR s.closes OR s.trips THEN now() ELSE p.window_started_at END,
       window_successes = CASE WHEN s.closes OR s.trips THEN 0 ELSE s.successes END,
       window_failures = CASE WHEN s.closes OR s.trips THEN 0 ELSE s.failures END,
       failures_in_row = CASE WHEN s.closes OR s.trips THEN 0 ELSE s.in_row END,
       openings = CASE WHEN s.trips THEN s.openings + 1 ELSE s.openings END,
       open_until = CASE WHEN s.trips THEN now() + interval '1 second'
                           * least(${LONGEST_OPEN_SECONDS}, ${OPEN_SECONDS} * 2.0 ^ least(s.openings, 10))
                         WHEN s.closes THEN NULL ELSE p.open_until END,
       probe_until = CASE WHEN s.is_probe OR s.trips THEN NULL ELSE p.probe_until END,
       wait_until = greatest(p.wait_until, now() + interval '1 second' * $5::float8),
       last_success_at = CASE WHEN $2::int > 0 THEN now() ELSE p.last_success_at END,
       last_failure_at = CASE WHEN $3::int > 0 THEN now() ELSE p.last_failure_at END,
       last_fault = coalesce($6::text, p.last_fault),
       create_failures = s.create_failures,
       creates_after = CASE WHEN s.create_failures = 0 THEN NULL
                            WHEN $7::text = 'badly' AND s.create_failures >= ${CREATES_IN_A_ROW}
                              THEN now() + interval '1 second' * least(${LONGEST_HOLD_SECONDS},
                                ${HOLD_CREATES_SECONDS} * 2.0 ^ least(s.create_failures - ${CREATES_IN_A_ROW}, 10))
                            ELSE p.creates_after END
  FROM (
    SELECT c.*,
           c.is_probe AND $3::int = 0 AS closes,
           CASE WHEN c.is_down THEN c.is_probe AND $3::int > 0
                ELSE $3::int > 0 AND (c.in_row >= ${IN_A_ROW}
                  OR (c.failures >= ${IN_WINDOW} AND c.failures >= c.successes)) END AS trips
      FROM (
        SELECT w.provider, w.is_new_window, w.open_until IS NOT NULL AS is_down,
               coalesce(now() - interval '1 second' * $4::float8 >= w.open_until, false) AS is_probe,
               CASE WHEN w.is_new_window AND w.window_failures = 0 AND w.open_until IS NULL THEN 0 ELSE w.openings END AS openings,
               CASE $7::text WHEN 'well' THEN 0 WHEN 'badly' THEN w.create_failures + 1
                 ELSE w.create_failures END AS create_failures,
               CASE WHEN w.is_new_window THEN 0 ELSE w.window_successes END + $2::int AS successes,
               CASE WHEN w.is_new_window THEN 0 ELSE w.window_failures END + $3::int AS failures,
               CASE WHEN $2::int > 0 THEN 0 ELSE w.failures_in_row END + $3::int AS in_row
          FROM (
            SELECT *, window_started_at < now() - interval '${WINDOW_SECONDS} seconds' AS is_new_window
              FROM provider_limits WHERE provider = $1 FOR UPDATE) w) c) s
 WHERE p.provider = s.provider
RETURNING CASE WHEN p.open_until IS NULL THEN 'closed' WHEN p.open_until > now() THEN 'open' ELSE 'half-open' END AS state`;
