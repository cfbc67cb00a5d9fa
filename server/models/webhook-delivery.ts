import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { AttemptError, DeliveryState, WebhookDelivery as DeliveryView } from "../contract/webhook.ts";

/**
 * An event on its way to one receiver: a row of the outbox. `snapshot` is what the trigger saw, `payload` the body
 * made of it at the first attempt; `failures` counts within this round, which a replay begins anew.
 */
export class WebhookDelivery extends Model<
  InferAttributes<WebhookDelivery, { omit: "log" }>,
  Partial<InferAttributes<WebhookDelivery, { omit: "log" }>>
> {
  declare id: string;
  declare endpointId: string;
  declare messageId: string;
  declare eventType: DeliveryView["eventType"];
  declare snapshot: Record<string, unknown>;
  declare payload: string | null;
  declare state: DeliveryState;
  declare attemptCount: number;
  declare failures: number;
  declare nextAttemptAt: Date | null;
  declare leasedUntil: Date | null;
  declare fence: number;
  declare createdAt: Date;
  declare finishedAt: Date | null;
  /** Attempts, where they were read too. */
  declare log?: WebhookAttempt[];
}

/** One request to a receiver and what came of it. */
export class WebhookAttempt extends Model<
  InferAttributes<WebhookAttempt>,
  Partial<InferAttributes<WebhookAttempt>>
> {
  declare id: string;
  declare deliveryId: string;
  declare number: number;
  declare startedAt: Date;
  declare durationMs: number;
  declare status: number | null;
  declare error: AttemptError | null;
  declare answer: string | null;
}

export const defineWebhookDelivery = (sequelize: Sequelize): typeof WebhookDelivery =>
  class extends WebhookDelivery {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      endpointId: DataTypes.UUID,
      messageId: DataTypes.TEXT,
      eventType: DataTypes.STRING(100),
      snapshot: DataTypes.JSONB,
      payload: DataTypes.TEXT,
      state: DataTypes.STRING(50),
      attemptCount: DataTypes.INTEGER,
      failures: DataTypes.INTEGER,
      nextAttemptAt: DataTypes.DATE,
      leasedUntil: DataTypes.DATE,
      fence: DataTypes.INTEGER,
      createdAt: DataTypes.DATE,
      finishedAt: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: "WebhookDelivery",
      tableName: "webhook_deliveries",
      timestamps: false,
      underscored: true,
    },
  );

export const defineWebhookAttempt = (sequelize: Sequelize): typeof WebhookAttempt =>
  class extends WebhookAttempt {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      deliveryId: DataTypes.UUID,
      number: DataTypes.INTEGER,
      startedAt: DataTypes.DATE,
      durationMs: DataTypes.INTEGER,
      status: DataTypes.INTEGER,
      error: DataTypes.STRING(50),
      answer: DataTypes.TEXT,
    },
    {
      sequelize,
      modelName: "WebhookAttempt",
      tableName: "webhook_attempts",
      timestamps: false,
      underscored: true,
    },
  );
