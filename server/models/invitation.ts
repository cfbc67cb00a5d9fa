import { DataTypes, type InferAttributes, literal, Model, type Sequelize } from "sequelize";
import type { Role } from "../contract/access.ts";
import type { User } from "./user.ts";

/**
 * A link by which one person makes an account with this role. `isExpired` is judged by the database's clock whenever
 * the row is read.
 */
export class Invitation extends Model<
  InferAttributes<Invitation, { omit: "creator" | "guest" }>,
  Partial<InferAttributes<Invitation, { omit: "creator" | "guest" }>>
> {
  declare id: string;
  declare hash: Buffer;
  declare email: string | null;
  declare role: Role;
  declare createdBy: string | null;
  declare createdAt: Date;
  declare expiresAt: Date;
  declare usedAt: Date | null;
  declare usedBy: string | null;
  declare revokedAt: Date | null;
  declare isExpired: boolean;
  declare creator?: User | null;
  declare guest?: User | null;
}

/** What somebody chose who registered; it becomes an account with the use of the link. */
export interface PendingPerson {
  passwordHash: string;
  name: string | null;
  locale: "en" | "ru" | null;
}

/** A link that does one thing once. `createdBy` is the administrator who made it for somebody. */
export class OneTimeToken extends Model<
  InferAttributes<OneTimeToken>,
  Partial<InferAttributes<OneTimeToken>>
> {
  declare hash: Buffer;
  declare purpose: "first-admin" | "verify-email" | "reset-password";
  declare userId: string | null;
  declare email: string | null;
  declare payload: PendingPerson | null;
  declare createdBy: string | null;
  declare createdAt: Date;
  declare expiresAt: Date;
  declare usedAt: Date | null;
}

export const defineLinkRecords = (sequelize: Sequelize) => {
  const common = { sequelize, timestamps: false, underscored: true };
  return {
    Invitation: class extends Invitation {}.init(
      {
        id: { type: DataTypes.UUID, primaryKey: true },
        hash: DataTypes.BLOB,
        email: DataTypes.STRING(254),
        role: DataTypes.STRING(10),
        createdBy: DataTypes.UUID,
        createdAt: DataTypes.DATE,
        expiresAt: DataTypes.DATE,
        usedAt: DataTypes.DATE,
        usedBy: DataTypes.UUID,
        revokedAt: DataTypes.DATE,
        isExpired: DataTypes.VIRTUAL(DataTypes.BOOLEAN),
      },
      {
        ...common,
        modelName: "Invitation",
        tableName: "invitations",
        defaultScope: {
          attributes: { include: [[literal('"Invitation"."expires_at" <= now()'), "isExpired"]] },
        },
      },
    ) as typeof Invitation,
    OneTimeToken: class extends OneTimeToken {}.init(
      {
        hash: { type: DataTypes.BLOB, primaryKey: true },
        purpose: DataTypes.STRING(20),
        userId: DataTypes.UUID,
        email: DataTypes.STRING(254),
        payload: DataTypes.JSONB,
        createdBy: DataTypes.UUID,
        createdAt: DataTypes.DATE,
        expiresAt: DataTypes.DATE,
        usedAt: DataTypes.DATE,
      },
      { ...common, modelName: "OneTimeToken", tableName: "one_time_tokens" },
    ) as typeof OneTimeToken,
  };
};
