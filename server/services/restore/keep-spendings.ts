import type pg from "pg";
import { commonColumns, FORMER } from "./schemas.ts";

/** Budgets count what was paid since the backup, though its generations are gone, or wait or run again. */
export async function keepSpendings(client: pg.Client): Promise<void> {
  await settleAsSince(client);
  const taken = ["generation_id", "user_id", "state", "settled_at"];
  const columns = await commonColumns(client, "spendings", [FORMER, "public"]);
  const plain = columns.filter((name) => !taken.includes(name));
  await client.query(
    `INSERT INTO spendings (${plain.join(", ")}, user_id, state, settled_at)
     SELECT ${plain.map((name) => `f.${name}`).join(", ")}, u.id,
            CASE f.state WHEN 'reserved' THEN 'assumed' ELSE f.state END, coalesce(f.settled_at, now())
       FROM ${FORMER}.spendings f LEFT JOIN users u ON u.id = f.user_id
      ORDER BY f.number ON CONFLICT (id) DO NOTHING`,
  );
}

/**
 * What has become of a spending since the backup stands, apart from its generation: that is about to go another way now,
 * and would settle it anew. Whoever sends it once more puts its price by once more. What was released since stays put
 * by while its generation waits or runs again, until that ends; what was put by since may be taken.
 */
const settleAsSince = (client: pg.Client) =>
  client.query(`
    UPDATE spendings s
       SET state = CASE f.state WHEN 'reserved' THEN 'assumed' ELSE f.state END,
           settled_at = coalesce(f.settled_at, now()), cost = f.cost, generation_id = NULL,
           expected_roubles = coalesce(f.expected_roubles, s.expected_roubles)
      FROM ${FORMER}.spendings f
     WHERE f.id = s.id
       AND CASE s.state WHEN 'reserved' THEN f.state IN ('charged', 'assumed')
                        WHEN 'released' THEN f.state <> 'released'
                        ELSE f.state <> 'reserved' AND (f.state, f.cost) IS DISTINCT FROM (s.state, s.cost) END`);
