import { QueryTypes } from "sequelize";
import type { ProviderId } from "../contract/provider.ts";
import type { Records } from "./records.ts";

/** Closed: all goes. Open: nothing is asked. Half-open: one free question at a time finds out whether it is back. */
export type BreakerState = "closed" | "open" | "half-open";

/** What the row of a provider says, by the database's clock. */
export interface ProviderLimits {
  provider: ProviderId;
  breaker: BreakerState;
  /** When the next question is allowed, which may have passed; null while the breaker is closed. */
  nextProbeAt: Date | null;
  /** The provider asked every replica to wait until then. */
  waitUntil: Date | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  lastFault: string | null;
  /** Retries that may be sent now. */
  retriesLeft: number;
}

/** Retries per first try, and what there is without any: so many per second up to so many at once. */
export const RETRY_BUDGET = { ratio: 0.1, perSecond: 0.1, atMost: 10 };

/** After so many create calls in a row that ended badly they go one at a time, with pauses. */
export const CREATES_IN_A_ROW = 3;

/** Most requests that may leave at one moment, in SQL: those of a second, but always a read and a submit. */
export const BURST_SQL = "greatest(2, requests_per_second)";

/** The breaker's state at this moment, in SQL. */
export const BREAKER_SQL = `CASE WHEN open_until IS NULL THEN 'closed' WHEN open_until > now() THEN 'open'
  ELSE 'half-open' END`;

/** Retries left at this moment, in SQL. */
export const RETRIES_SQL = `least(${RETRY_BUDGET.atMost},
  retry_tokens + ${RETRY_BUDGET.perSecond} * extract(epoch FROM greatest(interval '0', now() - refilled_at)))`;

const notAfter = (interval: string) => (column: string) =>
  `${column} = CASE WHEN provider_limits.${column} > now() + interval '${interval}'
                   THEN now() + interval '${interval}' ELSE provider_limits.${column} END`;

/**
 * Writes down what the configuration allows; all replicas go by what the last one of them wrote. Times that only a
 * database whose clock was set back can have are brought near, or nothing would be sent until they come.
 */
export async function setProviderLimits(
  { sequelize }: Pick<Records, "sequelize">,
  provider: ProviderId,
  { requestsPerSecond, createsAtOnce }: { requestsPerSecond: number; createsAtOnce: number },
): Promise<void> {
  await sequelize.query(
    `INSERT INTO provider_limits (provider, requests_per_second, creates_at_once, tokens, create_tokens, retry_tokens)
     VALUES ($1, $2::float8, $3::int, greatest(2, $2::float8), greatest(1, $2::float8 / 2), ${RETRY_BUDGET.atMost})
     ON CONFLICT (provider) DO UPDATE SET requests_per_second = $2::float8, creates_at_once = $3::int,
       ${["refilled_at", "window_started_at"].map(notAfter("0")).join(", ")},
       ${["wait_until", "open_until", "probe_until", "creates_after"].map(notAfter("10 minutes")).join(", ")}`,
    { bind: [provider, requestsPerSecond, createsAtOnce] },
  );
}

export async function readProviderLimits({
  sequelize,
}: Pick<Records, "sequelize">): Promise<Map<ProviderId, ProviderLimits>> {
  const rows = await sequelize.query<ProviderLimits>(
    `SELECT provider,
            ${BREAKER_SQL} AS breaker,
            CASE WHEN open_until IS NOT NULL THEN greatest(open_until, probe_until) END AS "nextProbeAt",
            CASE WHEN wait_until > now() THEN wait_until END AS "waitUntil",
            last_success_at AS "lastSuccessAt", last_failure_at AS "lastFailureAt", last_fault AS "lastFault",
            floor(${RETRIES_SQL})::int AS "retriesLeft"
       FROM provider_limits`,
    { type: QueryTypes.SELECT },
  );
  return new Map(rows.map((row) => [row.provider, row]));
}
