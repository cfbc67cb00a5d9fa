import { literal, QueryTypes } from "sequelize";
import { v7 as newId } from "uuid";
import type { z } from "zod";
import type { WebhookDeliveryQuery } from "../contract/webhook.ts";
import { PING } from "../contract/webhook-names.ts";
import { AppError } from "../errors.ts";
import type { Records } from "../models/records.ts";
import type { WebhookDelivery } from "../models/webhook-delivery.ts";
import { listNewest } from "./paging.ts";
import { findWebhook } from "./webhooks.ts";

/** How long the log of deliveries goes back. */
const KEPT_DAYS = 30;

/** Puts a test into the outbox; it is sent once, also by a receiver that is disabled. Throws `not-found`. */
export async function sendPing(
  records: Records,
  userId: string,
  endpointId: string,
): Promise<WebhookDelivery> {
  await findWebhook(records, userId, endpointId);
  const id = newId();
  await records.sequelize.query(
    `INSERT INTO webhook_deliveries (id, endpoint_id, message_id, event_type, snapshot)
     VALUES ($1, $2::uuid, $3, $4, jsonb_build_object('at', now(), 'webhookId', $2::uuid))`,
    { bind: [id, endpointId, `msg_${newId().replaceAll("-", "")}`, PING] },
  );
  return findDelivery(records, userId, { id, endpointId });
}

/** The log of a receiver, the newest first, each with its last attempt. Throws `not-found`. */
export async function listDeliveries(
  records: Records,
  userId: string,
  endpointId: string,
  query: z.output<typeof WebhookDeliveryQuery>,
) {
  await findWebhook(records, userId, endpointId);
  const where = { endpointId, ...(query.status && { state: query.status }) };
  const attributes = { exclude: ["snapshot", "payload"] };
  const page = await listNewest(records.WebhookDelivery, query, { where, attributes });
  await readLastAttempts(records, page.items);
  return page;
}

async function readLastAttempts(records: Records, deliveries: WebhookDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const attempts = await records.sequelize.query(
    `SELECT a.* FROM webhook_attempts a JOIN webhook_deliveries d ON d.id = a.delivery_id AND d.attempt_count = a.number
      WHERE d.id = ANY ($1::uuid[])`,
    {
      type: QueryTypes.SELECT,
      bind: [deliveries.map(({ id }) => id)],
      model: records.WebhookAttempt,
      mapToModel: true,
    },
  );
  const byDelivery = new Map(attempts.map((attempt) => [attempt.deliveryId, attempt]));
  for (const delivery of deliveries) {
    const attempt = byDelivery.get(delivery.id);
    delivery.log = attempt ? [attempt] : [];
  }
}

/** With every attempt, the newest first. Throws `not-found`. */
export async function findDelivery(
  records: Records,
  userId: string,
  { id, endpointId }: { id: string; endpointId: string },
): Promise<WebhookDelivery> {
  await findWebhook(records, userId, endpointId);
  const delivery = await records.WebhookDelivery.findOne({ where: { id, endpointId } });
  if (!delivery) throw new AppError("not-found");
  delivery.log = await records.WebhookAttempt.findAll({
    where: { deliveryId: id },
    order: [["number", "DESC"]],
  });
  return delivery;
}

/**
 * Sends a delivery again, now and with all repeats anew; the message keeps its id, so that a receiver can tell that it
 * knows it. Throws `not-found`, and `webhook-disabled` where nothing would be sent.
 */
export async function replayDelivery(
  records: Records,
  userId: string,
  place: { id: string; endpointId: string },
): Promise<WebhookDelivery> {
  const endpoint = await findWebhook(records, userId, place.endpointId);
  const { eventType } = await findDelivery(records, userId, place);
  if (!endpoint.enabled && eventType !== PING) throw new AppError("webhook-disabled");
  await records.WebhookDelivery.update(
    { state: "pending", failures: 0, nextAttemptAt: literal("now()") as never, finishedAt: null },
    { where: place },
  );
  return findDelivery(records, userId, place);
}

/** Forgets what is older than the log goes back. */
export async function removeOldDeliveries(records: Records): Promise<number> {
  const [rows] = await records.sequelize.query(
    `DELETE FROM webhook_deliveries WHERE created_at < now() - interval '${KEPT_DAYS} days' RETURNING id`,
  );
  return rows.length;
}
