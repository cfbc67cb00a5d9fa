import type { z } from "zod";
import type {
  CreateWebhook,
  DeliveryState,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookDeliveryPage,
  WebhookPage,
  WebhookWithSecret,
} from "../../../server/contract/webhook.ts";
import { API, query, request } from "./client.ts";

export type WebhookChange = z.input<typeof UpdateWebhook>;
export type NewWebhook = z.input<typeof CreateWebhook>;

const WEBHOOKS = `${API}/webhooks`;

export const listWebhooks = (signal?: AbortSignal): Promise<z.infer<typeof WebhookPage>> =>
  request(`${WEBHOOKS}?limit=100`, signal ? { signal } : {});

export const getWebhook = (id: string, signal?: AbortSignal): Promise<Webhook> =>
  request(`${WEBHOOKS}/${id}`, signal ? { signal } : {});

export const createWebhook = (body: NewWebhook): Promise<WebhookWithSecret> =>
  request(WEBHOOKS, { method: "POST", body });

export const updateWebhook = (id: string, body: WebhookChange): Promise<Webhook> =>
  request(`${WEBHOOKS}/${id}`, { method: "PATCH", body });

export const deleteWebhook = (id: string): Promise<void> =>
  request(`${WEBHOOKS}/${id}`, { method: "DELETE" });

/** A new secret; it is in the answer and nowhere else. */
export const rotateWebhookSecret = (id: string): Promise<WebhookWithSecret> =>
  request(`${WEBHOOKS}/${id}/secret`, { method: "POST" });

export const testWebhook = (id: string): Promise<WebhookDelivery> =>
  request(`${WEBHOOKS}/${id}/test`, { method: "POST" });

export function listDeliveries(
  id: string,
  filter: { status: DeliveryState | null; cursor: string | null },
  signal?: AbortSignal,
): Promise<z.infer<typeof WebhookDeliveryPage>> {
  return request(`${WEBHOOKS}/${id}/deliveries${query({ ...filter, limit: 30 })}`, signal ? { signal } : {});
}

export const getDelivery = (
  id: string,
  deliveryId: string,
  signal?: AbortSignal,
): Promise<z.infer<typeof WebhookDeliveryDetail>> =>
  request(`${WEBHOOKS}/${id}/deliveries/${deliveryId}`, signal ? { signal } : {});

export const replayDelivery = (id: string, deliveryId: string): Promise<WebhookDelivery> =>
  request(`${WEBHOOKS}/${id}/deliveries/${deliveryId}/replay`, { method: "POST" });
