import { QueryTypes, type Transaction } from "sequelize";
import type { Records } from "../../models/records.ts";
import type { Session } from "../../models/session.ts";

/** Revoked access tokens that this process knows of; it holds refusals only, so losing it lets nobody in. */
export interface Revocations {
  has(tokenId: string): boolean;
  add(tokenIds: string[]): void;
}

/** Entries; the oldest go first, and the database still knows them. */
const MAX_ENTRIES = 10_000;

export function createRevocations(): Revocations {
  const known = new Set<string>();
  return {
    has: (tokenId) => known.has(tokenId),
    add(tokenIds) {
      for (const tokenId of tokenIds) known.add(tokenId);
      for (const oldest of known) {
        if (known.size <= MAX_ENTRIES) break;
        known.delete(oldest);
      }
    },
  };
}

interface Which {
  userId: string;
  /** Only this session. */
  sessionId?: string | null;
  /** All but this session. */
  exceptSessionId?: string | null;
}

/**
 * Ends sessions of a user and the access tokens that are still good; answers the ids of those tokens. A refresh that
 * runs at the same time may add one more, which is refused with its session.
 */
export async function revokeSessions(
  { sequelize }: Records,
  { userId, sessionId = null, exceptSessionId = null }: Which,
  because: NonNullable<Session["revokedBecause"]>,
  transaction?: Transaction,
): Promise<{ sessions: number; tokenIds: string[] }> {
  const [row] = await sequelize.query<{ sessions: number; tokenIds: string[] }>(
    `WITH ended AS (
       UPDATE sessions SET revoked_at = now(), revoked_because = $4
        WHERE user_id = $1 AND revoked_at IS NULL
          AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR id <> $3) RETURNING id),
     refused AS (
       INSERT INTO revoked_tokens (jti, expires_at)
       SELECT t.access_jti, t.access_expires_at FROM refresh_tokens t JOIN ended ON ended.id = t.session_id
        WHERE t.access_expires_at > now()
       ON CONFLICT (jti) DO NOTHING RETURNING jti)
     SELECT (SELECT count(*)::int FROM ended) AS sessions,
            (SELECT coalesce(array_agg(jti), '{}') FROM refused) AS "tokenIds"`,
    { type: QueryTypes.SELECT, bind: [userId, sessionId, exceptSessionId, because], transaction },
  );
  return row;
}
