import { QueryTypes } from "sequelize";
import { PING } from "../contract/webhook-names.ts";
import type { Records } from "./records.ts";

/** A delivery that this process alone may attempt until its lease ends. */
export interface ClaimedDelivery {
  id: string;
  fence: number;
  endpointId: string;
  /** Owner of the receiver. */
  userId: string;
  messageId: string;
  eventType: string;
  snapshot: Record<string, unknown>;
  payload: string | null;
  failures: number;
  url: string;
  /** The database's clock at the claim, seconds since 1970: the time of the signature. */
  claimedAt: number;
  /** The current secret, and during a rotation the one before it, as they are kept. */
  secrets: string[];
  /** Of the receiver, before this attempt. */
  failingSeconds: number | null;
  failuresInRow: number;
}

export interface ClaimLimits {
  /** Most deliveries to take now. */
  limit: number;
  /** Most requests at once to one receiver, of all processes together; one that fails gets a single one. */
  perEndpoint: number;
  leaseSeconds: number;
}

const DUE = `d.state = 'pending' AND d.next_attempt_at <= now() AND (d.leased_until IS NULL OR d.leased_until <= now())`;
const SENDABLE = `(e.enabled OR d.event_type = '${PING}')`;

/**
 * Takes due deliveries, a share of every receiver, the longest due first. The receivers' rows are locked meanwhile, so
 * that two processes count the same requests; a receiver that another process looks at is left to that one.
 */
export function claimDeliveries(
  records: Records,
  { limit, perEndpoint, leaseSeconds }: ClaimLimits,
): Promise<ClaimedDelivery[]> {
  const { sequelize } = records;
  return sequelize.transaction(async (transaction) => {
    const endpoints = await sequelize.query<{ id: string }>(
      `SELECT e.id FROM webhook_endpoints e
        WHERE EXISTS (SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND ${DUE} AND ${SENDABLE})
        ORDER BY random() LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED`,
      { type: QueryTypes.SELECT, transaction },
    );
    if (endpoints.length === 0) return [];
    const [rows] = await sequelize.query(
      `WITH share AS (
         SELECT e.id, e.enabled, greatest(0, CASE WHEN e.failing_since IS NULL THEN $3::int ELSE 1 END
           - (SELECT count(*) FROM webhook_deliveries f
               WHERE f.endpoint_id = e.id AND f.state = 'pending' AND f.leased_until > now())::int) AS free
           FROM webhook_endpoints e WHERE e.id = ANY ($1::uuid[])
       ), due AS (
         SELECT d.id FROM share e CROSS JOIN LATERAL (
           SELECT d.id, d.next_attempt_at FROM webhook_deliveries d
            WHERE d.endpoint_id = e.id AND ${DUE} AND ${SENDABLE}
            ORDER BY d.next_attempt_at LIMIT e.free FOR UPDATE SKIP LOCKED) d
          ORDER BY d.next_attempt_at LIMIT $2
       )
       UPDATE webhook_deliveries d SET leased_until = now() + $4 * interval '1 second', fence = d.fence + 1
         FROM webhook_endpoints e WHERE d.id IN (SELECT id FROM due) AND e.id = d.endpoint_id
       RETURNING d.id, d.fence, d.endpoint_id AS "endpointId", e.user_id AS "userId", d.message_id AS "messageId",
         extract(epoch FROM now())::float8 AS "claimedAt", d.event_type AS "eventType", d.snapshot, d.payload, d.failures, e.url,
         array_remove(ARRAY[e.secret, CASE WHEN e.previous_secret_until > now() THEN e.previous_secret END], NULL)
           AS secrets,
         extract(epoch FROM now() - e.failing_since)::float8 AS "failingSeconds",
         e.failures_in_row AS "failuresInRow"`,
      { bind: [endpoints.map(({ id }) => id), limit, perEndpoint, leaseSeconds], transaction },
    );
    return rows as ClaimedDelivery[];
  });
}

/** Gives a delivery back that was not attempted, or whose attempt was cut off, so that any process may go on at once. */
export async function releaseDelivery(
  records: Records,
  { id, fence }: Pick<ClaimedDelivery, "id" | "fence">,
): Promise<void> {
  await records.WebhookDelivery.update({ leasedUntil: null }, { where: { id, fence, state: "pending" } });
}
