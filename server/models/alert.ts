import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { Alert as AlertView } from "../contract/monitor.ts";

/** Something that an operator should know of; open until `resolvedAt`. */
export class Alert extends Model<InferAttributes<Alert>, Partial<InferAttributes<Alert>>> {
  declare id: string;
  declare key: string;
  declare service: AlertView["service"];
  declare severity: AlertView["severity"];
  declare value: number;
  declare threshold: number;
  declare unit: AlertView["unit"];
  declare notices: AlertView["notices"];
  declare openedAt: Date;
  declare resolvedAt: Date | null;
}

/** An alert as a plain object, which may not be in the database yet. */
export type AlertState = InferAttributes<Alert>;

export const defineAlert = (sequelize: Sequelize): typeof Alert =>
  class extends Alert {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      key: DataTypes.STRING(100),
      service: DataTypes.STRING(20),
      severity: DataTypes.STRING(20),
      value: DataTypes.DOUBLE,
      threshold: DataTypes.DOUBLE,
      unit: DataTypes.STRING(10),
      notices: DataTypes.JSONB,
      openedAt: DataTypes.DATE,
      resolvedAt: DataTypes.DATE,
    },
    { sequelize, modelName: "Alert", tableName: "alerts", timestamps: false, underscored: true },
  );
