import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";

/** A sign-in on one device: a family of refresh tokens that are revoked together. */
export class Session extends Model<InferAttributes<Session>, Partial<InferAttributes<Session>>> {
  declare id: string;
  declare userId: string;
  declare userAgent: string | null;
  declare address: string | null;
  declare createdAt: Date;
  declare lastUsedAt: Date;
  declare expiresAt: Date;
  declare revokedAt: Date | null;
  declare revokedBecause: "logout" | "everywhere" | "reuse" | "password" | "admin" | "deleted" | null;
}

/** One link of a session's chain; each is good once. With it goes an access token, which it knows by `accessJti`. */
export class RefreshToken extends Model<
  InferAttributes<RefreshToken>,
  Partial<InferAttributes<RefreshToken>>
> {
  declare hash: Buffer;
  declare sessionId: string;
  declare parentHash: Buffer | null;
  declare accessJti: string;
  declare accessExpiresAt: Date;
  declare createdAt: Date;
  declare usedAt: Date | null;
}

/** An access token that is refused although it has not expired. */
export class RevokedToken extends Model<
  InferAttributes<RevokedToken>,
  Partial<InferAttributes<RevokedToken>>
> {
  declare jti: string;
  declare expiresAt: Date;
}

export const defineSessionRecords = (sequelize: Sequelize) => {
  const common = { sequelize, timestamps: false, underscored: true };
  return {
    Session: class extends Session {}.init(
      {
        id: { type: DataTypes.UUID, primaryKey: true },
        userId: DataTypes.UUID,
        userAgent: DataTypes.STRING(500),
        address: DataTypes.INET,
        createdAt: DataTypes.DATE,
        lastUsedAt: DataTypes.DATE,
        expiresAt: DataTypes.DATE,
        revokedAt: DataTypes.DATE,
        revokedBecause: DataTypes.STRING(20),
      },
      { ...common, modelName: "Session", tableName: "sessions" },
    ) as typeof Session,
    RefreshToken: class extends RefreshToken {}.init(
      {
        hash: { type: DataTypes.BLOB, primaryKey: true },
        sessionId: DataTypes.UUID,
        parentHash: DataTypes.BLOB,
        accessJti: DataTypes.UUID,
        accessExpiresAt: DataTypes.DATE,
        createdAt: DataTypes.DATE,
        usedAt: DataTypes.DATE,
      },
      { ...common, modelName: "RefreshToken", tableName: "refresh_tokens" },
    ) as typeof RefreshToken,
    RevokedToken: class extends RevokedToken {}.init(
      { jti: { type: DataTypes.UUID, primaryKey: true }, expiresAt: DataTypes.DATE },
      { ...common, modelName: "RevokedToken", tableName: "revoked_tokens" },
    ) as typeof RevokedToken,
  };
};
