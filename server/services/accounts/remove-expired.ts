import type { Records } from "../../models/records.ts";

/**
 * Rows that nothing needs any more. Used refresh tokens stay a week, so that the use of a stolen one is noticed, and go
 * with their copies; an invitation stays a month in the list of administrators.
 */
const EXPIRED = [
  "DELETE FROM revoked_tokens WHERE expires_at < now()",
  "DELETE FROM sessions WHERE expires_at < now() - interval '1 day' OR revoked_at < now() - interval '7 days'",
  `DELETE FROM refresh_tokens t USING refresh_tokens used
    WHERE used.session_id = t.session_id AND used.parent_hash IS NOT DISTINCT FROM t.parent_hash
      AND used.used_at < now() - interval '7 days'`,
  "DELETE FROM one_time_tokens WHERE expires_at < now() OR used_at < now() - interval '1 day'",
  "DELETE FROM invitations WHERE least(expires_at, used_at, revoked_at) < now() - interval '30 days'",
];

/** Repeating it, or running it in several processes at once, is harmless. */
export async function removeExpiredSignIns({ sequelize }: Records): Promise<void> {
  for (const sql of EXPIRED) await sequelize.query(sql);
}
