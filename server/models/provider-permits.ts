import { QueryTypes, type Transaction } from "sequelize";
import type { ProviderId } from "../contract/provider.ts";
import { BURST_SQL, CREATES_IN_A_ROW, RETRIES_SQL, RETRY_BUDGET } from "./provider-limits.ts";
import type { Records } from "./records.ts";

export interface PermitRequest {
  /** A read costs nothing and may be a probe; a submit may be paid, so it never is. */
  kind: "read" | "submit";
  wanted: number;
  /** The last request of the same kind for the same work went wrong: takes from the retry budget too. */
  isRetry?: boolean;
}

/**
 * Why nothing was granted: the provider asked to wait, it is down, its create calls fail, too many requests, retries or
 * create calls.
 */
export type Refusal = "throttled" | "breaker" | "creates-fail" | "rate" | "retry-budget" | "concurrency";

export interface Permits {
  /** Requests that may be sent now, between 0 and `wanted`. */
  granted: number;
  /** Where nothing was granted: asking earlier is in vain. */
  retryAfterSeconds: number;
  refusal: Refusal | null;
  /** The one granted read finds out whether the provider is back. */
  isProbe: boolean;
}

/** A probe that was not reported for so long counts as lost. */
const PROBE_SECONDS = 45;
/** Longer than a create call may last. */
const CREATE_SECONDS = 120;
const BUSY_SECONDS = 0.5;
/** A process that is frozen while it holds the row loses it, so that the others go on. */
const FROZEN_MS = 5_000;

/**
 * Takes permits for requests to a provider from what all replicas share: a token bucket filled by the database's
 * clock (one token is always left for a submit, and submits get half of the rate at most), the shared wait, the circuit breaker and the retry budget. One
 * UPDATE; a submit also counts the create calls under way, so it needs the transaction that claims the generation,
 * which holds the row until its attempt stands. Throws when `setProviderLimits` was never called.
 */
export async function takePermits(
  records: Pick<Records, "sequelize">,
  provider: ProviderId,
  request: PermitRequest,
  transaction?: Transaction,
): Promise<Permits> {
  if (request.kind === "submit" && !(await mayCreate(records, provider, transaction))) {
    return { granted: 0, retryAfterSeconds: BUSY_SECONDS, refusal: "concurrency", isProbe: false };
  }
  const { kind, wanted, isRetry = false } = request;
  const [permits] = await records.sequelize.query<Permits>(TAKE, {
    bind: [provider, wanted, kind === "read", isRetry],
    type: QueryTypes.SELECT,
    transaction,
  });
  if (!permits) throw new Error(`No limits are set for the provider ${provider}`);
  return permits;
}

/** Locks the row first, so that the count sees what others claimed. A dead process frees its place with its lease. */
async function mayCreate(
  { sequelize }: Pick<Records, "sequelize">,
  provider: ProviderId,
  transaction?: Transaction,
): Promise<boolean> {
  if (!transaction)
    throw new Error("A submit takes its permit in the transaction that claims the generation");
  const lock = `SELECT set_config('idle_in_transaction_session_timeout', '${FROZEN_MS}', true)
    FROM provider_limits WHERE provider = $1 FOR UPDATE`;
  await sequelize.query(lock, { bind: [provider], transaction });
  const [{ hasPlace }] = await sequelize.query<{ hasPlace: boolean }>(
    `SELECT count(*) < (SELECT CASE WHEN create_failures < ${CREATES_IN_A_ROW} THEN creates_at_once ELSE 1 END
                          FROM provider_limits WHERE provider = $1) AS "hasPlace"
       FROM generation_attempts a JOIN generation_tasks g ON g.id = a.generation_id
      WHERE a.state = 'open' AND g.provider = $1
        AND CASE WHEN g.status = 'submitting' THEN g.wake_at > now()
                 ELSE a.created_at > now() - interval '${CREATE_SECONDS} seconds' END`,
    { bind: [provider], type: QueryTypes.SELECT, transaction },
  );
  return hasPlace;
}

const secondsUntil = (time: string) => `extract(epoch FROM ${time} - now())::float8`;

/** $1 provider, $2 wanted, $3 is it a read, $4 is it a retry. */
const TAKE = `
UPDATE provider_limits p
   SET tokens = s.tokens - s.granted,
       create_tokens = s.create_tokens - CASE WHEN $3::boolean THEN 0 ELSE s.granted END,
       refilled_at = greatest(p.refilled_at, now()),
       retry_tokens = s.retries + CASE WHEN $4::boolean THEN -s.granted ELSE ${RETRY_BUDGET.ratio} * s.granted END,
       probe_until = CASE WHEN s."isProbe" THEN now() + interval '${PROBE_SECONDS} seconds' ELSE p.probe_until END
  FROM (
    SELECT b.provider, b.tokens, b.create_tokens, b.retries, b.refusal,
           CASE WHEN b.refusal IS NOT NULL THEN 0
                WHEN b.is_down THEN 1
                WHEN $4::boolean THEN least($2::int, b.free, floor(b.retries))
                ELSE least($2::int, b.free) END::int AS granted,
           b.is_down AND b.refusal IS NULL AS "isProbe",
           greatest(0.05, CASE b.refusal
             WHEN 'throttled' THEN ${secondsUntil("b.wait_until")}
             WHEN 'creates-fail' THEN ${secondsUntil("b.creates_after")}
             WHEN 'breaker' THEN coalesce(${secondsUntil("greatest(b.open_until, b.probe_until)")}, 1)
             WHEN 'rate' THEN (1 - b.free_exact) / CASE WHEN $3::boolean THEN b.requests_per_second ELSE b.creates_per_second END
             WHEN 'retry-budget' THEN (1 - b.retries) / ${RETRY_BUDGET.perSecond}
             ELSE 0.05 END)::float8 AS "retryAfterSeconds"
      FROM (
        SELECT a.*, floor(a.free_exact) AS free,
               CASE WHEN NOT $3::boolean AND NOT a.is_down AND a.creates_after > now() THEN 'creates-fail'
                    WHEN a.is_down AND (NOT $3::boolean OR greatest(a.open_until, a.probe_until) > now()) THEN 'breaker'
                    WHEN a.wait_until > now() THEN 'throttled'
                    WHEN floor(a.free_exact) < 1 THEN 'rate'
                    WHEN $4::boolean AND NOT a.is_down AND a.retries < 1 THEN 'retry-budget' END AS refusal
          FROM (
            SELECT l.*, l.open_until IS NOT NULL AS is_down, CASE WHEN $3::boolean THEN l.tokens - 1 ELSE least(l.tokens, l.create_tokens) END AS free_exact
              FROM (
                SELECT *, (${RETRIES_SQL})::float8 AS retries,
                       least(${BURST_SQL}, had + requests_per_second * passed)::float8 AS tokens,
                       least(greatest(1, creates_per_second), had_creates + creates_per_second * passed)::float8 AS create_tokens
                  FROM (
                    SELECT provider, requests_per_second, requests_per_second / 2 AS creates_per_second, wait_until, open_until,
                           probe_until, creates_after, tokens AS had, create_tokens AS had_creates, retry_tokens, refilled_at,
                           extract(epoch FROM greatest(interval '0', now() - refilled_at)) AS passed
                      FROM provider_limits WHERE provider = $1 FOR UPDATE) r) l) a) b) s
 WHERE p.provider = s.provider
RETURNING s.granted, s."retryAfterSeconds", s.refusal, s."isProbe"`;
