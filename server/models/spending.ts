import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { KeySource, ProviderId } from "../contract/provider.ts";

/**
 * `reserved` while the generation runs; then `charged` at a known cost, `assumed` at the expected one where the
 * provider may have taken it without naming a cost, or `released`.
 */
export type SpendingState = "reserved" | "charged" | "assumed" | "released";

/** What one pass of a generation through a paid provider may cost or did cost. The database settles it by itself. */
export class Spending extends Model<InferAttributes<Spending>, Partial<InferAttributes<Spending>>> {
  declare id: string;
  declare generationId: string | null;
  declare userId: string;
  declare provider: ProviderId;
  /** Work that a user's own key pays for takes nothing of the whole service's budget. */
  declare keySource: KeySource;
  declare network: string;
  declare preset: string | null;
  /** Number of the first attempt that it pays for. */
  declare firstAttempt: number;
  declare state: SpendingState;
  /** Null where no price is known. */
  declare expectedRoubles: string | null;
  declare cost: string | null;
  /** What counts: the cost, else the expected price; nothing once released. */
  declare roubles: string;
  declare createdAt: Date;
}

export const defineSpending = (sequelize: Sequelize): typeof Spending =>
  class extends Spending {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      generationId: DataTypes.UUID,
      userId: DataTypes.UUID,
      provider: DataTypes.STRING(50),
      keySource: DataTypes.STRING(10),
      network: DataTypes.STRING(64),
      preset: DataTypes.STRING(50),
      firstAttempt: DataTypes.INTEGER,
      state: DataTypes.STRING(50),
      expectedRoubles: DataTypes.DECIMAL(12, 2),
      cost: DataTypes.DECIMAL(12, 2),
      roubles: DataTypes.DECIMAL(12, 2),
      createdAt: DataTypes.DATE,
    },
    { sequelize, modelName: "Spending", tableName: "spendings", timestamps: false, underscored: true },
  );
