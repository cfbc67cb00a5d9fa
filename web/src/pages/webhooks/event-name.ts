import type { WebhookDelivery } from "../../../../server/contract/webhook.ts";
import type { WebhookTranslate } from "./use-webhook-i18n.ts";

/** Types of events → their messages; a dot in a message's key would be a path. */
const KEYS = {
  "generation.succeeded": "events.succeeded",
  "generation.failed": "events.failed",
  "generation.canceled": "events.canceled",
  "generation.needs-confirmation": "events.needsConfirmation",
  "model.created": "events.created",
  "webhook.ping": "events.ping",
} as const satisfies Record<WebhookDelivery["eventType"], string>;

/** What an event tells, for people. */
export const eventName = (type: WebhookDelivery["eventType"], w: WebhookTranslate) => w(KEYS[type]);
