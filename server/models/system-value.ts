import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";

/** Something that administrators switch at run time, for all replicas. */
export class SystemValue extends Model<InferAttributes<SystemValue>, Partial<InferAttributes<SystemValue>>> {
  declare key: string;
  declare value: unknown;
  declare updatedAt: Date;
}

export const defineSystemValue = (sequelize: Sequelize): typeof SystemValue =>
  class extends SystemValue {}.init(
    {
      key: { type: DataTypes.STRING(100), primaryKey: true },
      value: DataTypes.JSONB,
      updatedAt: DataTypes.DATE,
    },
    { sequelize, modelName: "SystemValue", tableName: "system_state", createdAt: false, underscored: true },
  );
