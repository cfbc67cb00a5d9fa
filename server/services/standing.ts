import { QueryTypes } from "sequelize";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";

/**
 * Whether a caller who was let in still would be, for what goes on longer than one request: the account stands with its
 * role, and the session or the key is not revoked. That an access token ends by itself meanwhile does not matter.
 */
export async function isStanding({ sequelize }: Records, caller: Caller): Promise<boolean> {
  if (caller.via === "local") return true;
  const [{ stands }] = await sequelize.query<{ stands: boolean }>(
    `SELECT EXISTS (SELECT FROM users WHERE id = $1 AND role = $2 AND disabled_at IS NULL)
        AND ($3::uuid IS NULL OR EXISTS (
          SELECT FROM sessions WHERE id = $3::uuid AND revoked_at IS NULL AND expires_at > now()))
        AND ($4::uuid IS NULL OR EXISTS (
          SELECT FROM api_keys WHERE id = $4::uuid AND revoked_at IS NULL AND coalesce(expires_at > now(), true)))
        AS stands`,
    { type: QueryTypes.SELECT, bind: [caller.userId, caller.role, caller.sessionId, caller.apiKeyId] },
  );
  return stands;
}
