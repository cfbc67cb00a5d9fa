import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { KeySource } from "../contract/provider.ts";
import type { ErrorCode } from "../errors.ts";

export type AttemptState = "open" | "accepted" | "finished" | "refused" | "unsent" | "unknown";

/** One submit of a generation to a provider. At most one of a generation is open. */
export class Attempt extends Model<InferAttributes<Attempt>, Partial<InferAttributes<Attempt>>> {
  declare id: string;
  declare generationId: string;
  declare number: number;
  /** Which key paid for it. */
  declare keySource: KeySource;
  declare nonce: string;
  declare state: AttemptState;
  declare remoteId: string | null;
  /** What a callback says the remote id is; true only once a poll confirmed it. */
  declare claimedRemoteId: string | null;
  /** Why it was refused or not sent. */
  declare code: ErrorCode | null;
  declare message: string | null;
  declare createdAt: Date;
  declare closedAt: Date | null;
}

export const defineAttempt = (sequelize: Sequelize): typeof Attempt =>
  class extends Attempt {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      generationId: DataTypes.UUID,
      number: DataTypes.INTEGER,
      keySource: DataTypes.STRING(10),
      nonce: DataTypes.CHAR(32),
      state: DataTypes.STRING(50),
      remoteId: DataTypes.TEXT,
      claimedRemoteId: DataTypes.TEXT,
      code: DataTypes.STRING(100),
      message: DataTypes.TEXT,
      createdAt: DataTypes.DATE,
      closedAt: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: "Attempt",
      tableName: "generation_attempts",
      timestamps: false,
      underscored: true,
    },
  );
