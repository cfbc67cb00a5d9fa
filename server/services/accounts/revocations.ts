import { QueryTypes, type Transaction } from "sequelize";
import type { Cache } from "../../cache/cache.ts";
import { createMemoryCache } from "../../cache/memory-cache.ts";
import { entriesOf } from "../../cache/policies.ts";
import type { CacheStatistics } from "../../cache/statistics.ts";
import type { Records } from "../../models/records.ts";
import type { Session } from "../../models/session.ts";
import { TOLERANCE_SECONDS } from "./access-tokens.ts";

/** Access tokens that are refused though they would be good. */
export interface Revocations {
  has(tokenId: string): Promise<boolean>;
  /** Never rejects: the database knows them already. */
  add(tokens: readonly RevokedToken[]): Promise<void>;
}

export interface RevokedToken {
  id: string;
  /** When it ends by itself, seconds since 1970, as in the token. */
  expiresAt: number;
}

/**
 * The list of refused tokens in front of the database: the memory of this process, then the cache of all processes.
 * It holds refusals only, for the rest of a token's life: whoever is not in it is asked for in the database, so losing
 * any of it lets nobody in.
 */
export function createRevocations(cache: Cache, statistics?: CacheStatistics): Revocations {
  const near = entriesOf(createMemoryCache(), "revoked");
  const far = entriesOf(cache, "revoked", statistics);
  return {
    async has(tokenId) {
      if (await near.get(tokenId)) return true;
      const expiresAt = await far.get(tokenId);
      if (!expiresAt) return false;
      await near.set(tokenId, expiresAt, secondsLeft(Number(expiresAt)));
      return true;
    },
    async add(tokens) {
      await Promise.all(
        tokens.flatMap(({ id, expiresAt }) =>
          [near, far].map((list) => list.set(id, String(expiresAt), secondsLeft(expiresAt))),
        ),
      );
    },
  };
}

const secondsLeft = (expiresAt: number) => expiresAt + TOLERANCE_SECONDS - Date.now() / 1000;

interface Which {
  userId: string;
  /** Only this session. */
  sessionId?: string | null;
  /** All but this session. */
  exceptSessionId?: string | null;
}

/**
 * Ends sessions of a user and the access tokens that are still good; answers those tokens. A refresh that runs
 * at the same time may add one more, which is refused with its session.
 */
export async function revokeSessions(
  { sequelize }: Records,
  { userId, sessionId = null, exceptSessionId = null }: Which,
  because: NonNullable<Session["revokedBecause"]>,
  transaction?: Transaction,
): Promise<{ sessions: number; tokens: RevokedToken[] }> {
  const [row] = await sequelize.query<{ sessions: number; tokens: RevokedToken[] }>(
    `WITH ended AS (
       UPDATE sessions SET revoked_at = now(), revoked_because = $4
        WHERE user_id = $1 AND revoked_at IS NULL
          AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR id <> $3) RETURNING id),
     refused AS (
       INSERT INTO revoked_tokens (jti, expires_at)
       SELECT t.access_jti, t.access_expires_at FROM refresh_tokens t JOIN ended ON ended.id = t.session_id
        WHERE t.access_expires_at > now()
       ON CONFLICT (jti) DO NOTHING RETURNING jti, expires_at)
     SELECT (SELECT count(*)::int FROM ended) AS sessions,
            (SELECT coalesce(json_agg(json_build_object(
                     'id', jti, 'expiresAt', extract(epoch FROM expires_at))), '[]') FROM refused) AS tokens`,
    { type: QueryTypes.SELECT, bind: [userId, sessionId, exceptSessionId, because], transaction },
  );
  return row;
}
