import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { Webhook, WebhookEventType } from "../contract/webhook.ts";

/**
 * An address that is told of a user's events. The secrets are sealed, and left out wherever they are not asked for by
 * name.
 * `failuresInRow` and `failingSince` count attempts since the last that got through.
 */
export class WebhookEndpoint extends Model<
  InferAttributes<WebhookEndpoint>,
  Partial<InferAttributes<WebhookEndpoint>>
> {
  declare id: string;
  declare userId: string;
  declare url: string;
  declare description: string | null;
  declare eventTypes: WebhookEventType[];
  declare secret: string;
  declare previousSecret: string | null;
  declare previousSecretUntil: Date | null;
  declare enabled: boolean;
  declare disabledReason: Webhook["disabledReason"];
  declare disabledAt: Date | null;
  declare failingSince: Date | null;
  declare failuresInRow: number;
  declare createdAt: Date;
  declare updatedAt: Date;
}

export const defineWebhookEndpoint = (sequelize: Sequelize): typeof WebhookEndpoint =>
  class extends WebhookEndpoint {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      userId: DataTypes.UUID,
      url: DataTypes.TEXT,
      description: DataTypes.STRING(200),
      eventTypes: DataTypes.ARRAY(DataTypes.TEXT),
      secret: DataTypes.TEXT,
      previousSecret: DataTypes.TEXT,
      previousSecretUntil: DataTypes.DATE,
      enabled: DataTypes.BOOLEAN,
      disabledReason: DataTypes.STRING(50),
      disabledAt: DataTypes.DATE,
      failingSince: DataTypes.DATE,
      failuresInRow: DataTypes.INTEGER,
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: "WebhookEndpoint",
      tableName: "webhook_endpoints",
      timestamps: false,
      underscored: true,
      defaultScope: { attributes: { exclude: ["secret", "previousSecret"] } },
    },
  );
