import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";

/** One deed that must stay on record. */
export class AuditEntry extends Model<InferAttributes<AuditEntry>, Partial<InferAttributes<AuditEntry>>> {
  declare id: string;
  /** Subject and deed, such as `model.deleted`. */
  declare action: string;
  declare subjectId: string | null;
  declare details: Record<string, unknown>;
  declare requestId: string | null;
  /** Who did it; the name stays when the account is gone. Null: the server itself, or nobody known. */
  declare actorId: string | null;
  declare actorName: string | null;
  declare via: string | null;
  declare apiKeyId: string | null;
  declare address: string | null;
  declare userAgent: string | null;
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
      actorId: DataTypes.UUID,
      actorName: DataTypes.STRING(254),
      via: DataTypes.STRING(10),
      apiKeyId: DataTypes.UUID,
      address: DataTypes.INET,
      userAgent: DataTypes.STRING(500),
      createdAt: DataTypes.DATE,
    },
    { sequelize, modelName: "AuditEntry", tableName: "audit_log", timestamps: false, underscored: true },
  );
