import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type {
  WebhookDelivery,
  WebhookDeliveryDetail as WebhookDeliveryDetailSchema,
  WebhookEventType,
  WebhookWithSecret,
} from "../../server/contract/webhook.ts";
import type { TestApp } from "./app.ts";

type WebhookDeliveryDetail = z.infer<typeof WebhookDeliveryDetailSchema>;

const ALL: WebhookEventType[] = [
  "generation.succeeded",
  "generation.failed",
  "generation.canceled",
  "generation.needs-confirmation",
  "model.created",
];

/** A request with a JSON body. */
export const sendJson = (app: TestApp, method: string, path: string, body?: object) =>
  app.request(path, {
    method,
    headers: { "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });

export async function createWebhook(
  app: TestApp,
  url: string,
  eventTypes: WebhookEventType[] = ALL,
): Promise<WebhookWithSecret> {
  const response = await sendJson(app, "POST", "/api/v1/webhooks", { url, eventTypes });
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()) as WebhookWithSecret;
}

export async function listDeliveries(app: TestApp, id: string, query = ""): Promise<WebhookDelivery[]> {
  const response = await app.request(`/api/v1/webhooks/${id}/deliveries${query}`);
  return ((await response.json()) as { items: WebhookDelivery[] }).items;
}

export async function readDelivery(app: TestApp, id: string, deliveryId: string) {
  const response = await app.request(`/api/v1/webhooks/${id}/deliveries/${deliveryId}`);
  return (await response.json()) as WebhookDeliveryDetail;
}

/** Reads the newest delivery until `until` says so; fails with its last state after three minutes. */
export async function waitForDelivery(
  app: TestApp,
  id: string,
  until: (delivery: WebhookDelivery) => boolean,
): Promise<WebhookDelivery> {
  let newest: WebhookDelivery | undefined;
  for (let tries = 0; tries < 1800; tries++) {
    [newest] = await listDeliveries(app, id);
    if (newest && until(newest)) return newest;
    await sleep(100);
  }
  throw new Error(`The delivery did not get there: ${JSON.stringify(newest)}`);
}

/** Makes the pauses after attempts an hour longer, so that on a slow machine, too, none ends before `skipPauses`. */
export const lengthenPauses = (app: TestApp) =>
  app.context.records.sequelize.query(
    `CREATE FUNCTION lengthen_pause() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       NEW.next_attempt_at := NEW.next_attempt_at + interval '1 hour';
       RETURN NEW;
     END $$;
     CREATE TRIGGER lengthen_pause BEFORE UPDATE OF attempt_count ON webhook_deliveries
       FOR EACH ROW EXECUTE FUNCTION lengthen_pause()`,
  );

/** As if the pause before the next attempts were over. */
export const skipPauses = (app: TestApp) =>
  app.context.records.sequelize.query(
    "UPDATE webhook_deliveries SET next_attempt_at = now(), leased_until = NULL WHERE state = 'pending'",
  );
