import type { Transaction } from "sequelize";
import type { Records } from "../../models/records.ts";

/** A paid create call has ended after so long; until then its row must be there for the answer. */
const CALL_MINUTES = 10;

/**
 * What a user made, in an order in which no other transaction waits for this one the other way round. Open generations
 * are canceled before they go, so that their money is settled.
 */
const STEPS = [
  `DELETE FROM webhook_deliveries d USING webhook_endpoints e WHERE e.id = d.endpoint_id AND e.user_id = $1`,
  `DELETE FROM webhook_endpoints WHERE user_id = $1`,
  `DELETE FROM shares WHERE user_id = $1`,
  `DELETE FROM api_keys WHERE user_id = $1`,
  `DELETE FROM provider_keys WHERE user_id = $1`,
  `DELETE FROM one_time_tokens WHERE user_id = $1 OR (created_by = $1 AND used_at IS NULL)`,
  `DELETE FROM sessions WHERE user_id = $1`,
  `UPDATE invitations SET revoked_at = now() WHERE created_by = $1 AND used_at IS NULL AND revoked_at IS NULL`,
  `UPDATE invitations SET email = NULL WHERE used_by = $1`,
  `UPDATE generation_tasks SET status = 'canceled', stage = NULL, error = NULL, fence = fence + 1,
          finished_at = now(), wake_at = NULL
    WHERE user_id = $1 AND status NOT IN ('succeeded', 'failed', 'canceled')`,
  `SET CONSTRAINTS ALL IMMEDIATE`,
  `WITH gone AS (DELETE FROM models_3d WHERE user_id = $1 RETURNING id, photo_id)
   INSERT INTO files_to_erase (kind, id)
     SELECT 'model', id FROM gone UNION SELECT 'photo', photo_id FROM gone WHERE photo_id IS NOT NULL
   ON CONFLICT DO NOTHING`,
  `WITH gone AS (
     DELETE FROM generation_tasks g WHERE user_id = $1 AND NOT EXISTS (
       SELECT FROM generation_attempts a WHERE a.generation_id = g.id AND a.state = 'open' AND g.provider <> 'local'
          AND a.created_at > now() - interval '${CALL_MINUTES} minutes')
     RETURNING reserved_model_id, photo_id)
   INSERT INTO files_to_erase (kind, id)
     SELECT 'model', reserved_model_id FROM gone UNION SELECT 'photo', photo_id FROM gone
   ON CONFLICT DO NOTHING`,
  `UPDATE spendings SET user_id = NULL WHERE user_id = $1`,
];

/**
 * Deletes all that belongs to a user, except generations that are on their way to a paid provider at this moment; the
 * bytes go afterwards (`files_to_erase`). It may be repeated.
 */
export async function eraseRows(
  { sequelize }: Records,
  userId: string,
  transaction: Transaction,
): Promise<void> {
  for (const sql of STEPS) {
    await sequelize.query(sql, { ...(sql.includes("$1") && { bind: [userId] }), transaction });
  }
}
