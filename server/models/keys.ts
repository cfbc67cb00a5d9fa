import { DataTypes, type InferAttributes, literal, Model, type Sequelize } from "sequelize";
import type { Scope } from "../contract/access.ts";
import type { User } from "./user.ts";

/**
 * A key of a program; `hash` is the SHA-256 of the whole key, `prefix` its beginning for people to know it by.
 * `isExpired` is judged by the database's clock whenever the row is read.
 */
export class ApiKey extends Model<
  InferAttributes<ApiKey, { omit: "user" }>,
  Partial<InferAttributes<ApiKey, { omit: "user" }>>
> {
  declare id: string;
  declare userId: string;
  declare name: string;
  declare prefix: string;
  declare hash: Buffer;
  declare scopes: Scope[];
  declare createdAt: Date;
  declare expiresAt: Date | null;
  declare isExpired: boolean;
  declare lastUsedAt: Date | null;
  declare revokedAt: Date | null;
  declare user?: User;
}

/**
 * A user's own key of a provider. `sealed` is the key under a data key of this row; `wrappedKey` is that data key
 * under the server's, which `wrappingKeyId` names.
 */
export class ProviderKey extends Model<InferAttributes<ProviderKey>, Partial<InferAttributes<ProviderKey>>> {
  declare id: string;
  declare userId: string;
  declare provider: string;
  declare version: number;
  declare wrappingKeyId: string;
  declare wrappedKey: Buffer;
  declare sealed: Buffer;
  declare lastFour: string;
  declare checkedAt: Date | null;
  declare createdAt: Date;
  declare updatedAt: Date;
}

export const defineKeyRecords = (sequelize: Sequelize) => {
  const common = { sequelize, timestamps: false, underscored: true };
  return {
    ApiKey: class extends ApiKey {}.init(
      {
        id: { type: DataTypes.UUID, primaryKey: true },
        userId: DataTypes.UUID,
        name: DataTypes.STRING(100),
        prefix: DataTypes.STRING(20),
        hash: DataTypes.BLOB,
        scopes: DataTypes.ARRAY(DataTypes.TEXT),
        createdAt: DataTypes.DATE,
        expiresAt: DataTypes.DATE,
        isExpired: DataTypes.VIRTUAL(DataTypes.BOOLEAN),
        lastUsedAt: DataTypes.DATE,
        revokedAt: DataTypes.DATE,
      },
      {
        ...common,
        modelName: "ApiKey",
        tableName: "api_keys",
        defaultScope: {
          attributes: {
            include: [[literal('coalesce("ApiKey"."expires_at" <= now(), false)'), "isExpired"]],
          },
        },
      },
    ) as typeof ApiKey,
    ProviderKey: class extends ProviderKey {}.init(
      {
        id: { type: DataTypes.UUID, primaryKey: true },
        userId: DataTypes.UUID,
        provider: DataTypes.STRING(50),
        version: DataTypes.INTEGER,
        wrappingKeyId: DataTypes.STRING(32),
        wrappedKey: DataTypes.BLOB,
        sealed: DataTypes.BLOB,
        lastFour: DataTypes.STRING(4),
        checkedAt: DataTypes.DATE,
        createdAt: DataTypes.DATE,
        updatedAt: DataTypes.DATE,
      },
      {
        ...common,
        modelName: "ProviderKey",
        tableName: "provider_keys",
        defaultScope: { attributes: { exclude: ["wrappedKey", "sealed"] } },
      },
    ) as typeof ProviderKey,
  };
};
