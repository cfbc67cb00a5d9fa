import type { Sequelize } from "sequelize";
import { defineWebhookAttempt, defineWebhookDelivery } from "./webhook-delivery.ts";
import { defineWebhookEndpoint } from "./webhook-endpoint.ts";

/** The records of outgoing webhooks: receivers, their outbox, and the log of requests. */
export const defineWebhookRecords = (sequelize: Sequelize) => ({
  WebhookEndpoint: defineWebhookEndpoint(sequelize),
  WebhookDelivery: defineWebhookDelivery(sequelize),
  WebhookAttempt: defineWebhookAttempt(sequelize),
});
