import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";

/** One decision of a person that must stay on record. */
export class AuditEntry extends Model<InferAttributes<AuditEntry>, Partial<InferAttributes<AuditEntry>>> {
  declare id: string;
  declare action: "generation.second-charge-accepted";
  declare subjectId: string | null;
  declare details: Record<string, unknown>;
  declare requestId: string | null;
  declare createdAt: Date;
}

export const defineAuditEntry = (sequelize: Sequelize): typeof AuditEntry =>
  class extends AuditEntry {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      action: DataTypes.STRING(100),
      subjectId: DataTypes.UUID,
      details: DataTypes.JSONB,
      requestId: DataTypes.TEXT,
      createdAt: DataTypes.DATE,
    },
    { sequelize, modelName: "AuditEntry", tableName: "audit_log", timestamps: false, underscored: true },
  );
