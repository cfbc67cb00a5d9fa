import type {
  WebhookAttempt as AttemptView,
  WebhookDelivery as DeliveryView,
  Webhook as WebhookView,
} from "../contract/webhook.ts";
import type { WebhookAttempt, WebhookDelivery } from "../models/webhook-delivery.ts";
import type { WebhookEndpoint } from "../models/webhook-endpoint.ts";

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** A receiver as its owner sees it: without its secrets. `recent` are its last deliveries, the newest first. */
export function presentWebhook(endpoint: WebhookEndpoint, recent: WebhookDelivery[]): WebhookView {
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    eventTypes: endpoint.eventTypes,
    enabled: endpoint.enabled,
    disabledReason: endpoint.disabledReason,
    disabledAt: iso(endpoint.disabledAt),
    failingSince: iso(endpoint.failingSince),
    previousSecretUntil: iso(endpoint.previousSecretUntil),
    recentDeliveries: recent.map(({ id, eventType, state, createdAt }) => ({
      id,
      eventType,
      state,
      createdAt: createdAt.toISOString(),
    })),
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
  };
}

/** A delivery; its `log` must have been read, at least the last attempt. */
export function presentDelivery(delivery: WebhookDelivery): DeliveryView {
  const [last] = delivery.log ?? [];
  return {
    id: delivery.id,
    messageId: delivery.messageId,
    eventType: delivery.eventType,
    state: delivery.state,
    attemptCount: delivery.attemptCount,
    lastAttempt: last ? presentAttempt(last) : null,
    nextAttemptAt: iso(delivery.nextAttemptAt),
    createdAt: delivery.createdAt.toISOString(),
    finishedAt: iso(delivery.finishedAt),
  };
}

export const presentDeliveryDetail = (delivery: WebhookDelivery) => ({
  ...presentDelivery(delivery),
  attempts: (delivery.log ?? []).map(presentAttempt),
  payload: delivery.payload,
});

const presentAttempt = ({
  number,
  startedAt,
  durationMs,
  status,
  error,
  answer,
}: WebhookAttempt): AttemptView => ({
  number,
  startedAt: startedAt.toISOString(),
  durationMs,
  status,
  error,
  answer,
});
