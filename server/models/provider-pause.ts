import {
  DataTypes,
  type InferAttributes,
  Model,
  QueryTypes,
  type Sequelize,
  type Transaction,
} from "sequelize";
import type { ProviderId } from "../contract/provider.ts";
import type { ErrorCode } from "../errors.ts";
import { inSeconds } from "./generation-state.ts";
import type { Records } from "./records.ts";

/** Nothing is sent to a provider until then, for a reason that concerns every generation: no money, a wrong key. */
export class ProviderPause extends Model<
  InferAttributes<ProviderPause>,
  Partial<InferAttributes<ProviderPause>>
> {
  declare provider: ProviderId;
  declare code: ErrorCode;
  declare until: Date;
  /** What the account had when the pause began; null until it was asked for. */
  declare balanceRoubles: string | null;
  declare checkedAt: Date | null;
}

export interface PauseCheck {
  provider: ProviderId;
  code: ErrorCode;
  balanceRoubles: string | null;
  /** Its time is over. */
  isOver: boolean;
}

export const defineProviderPause = (sequelize: Sequelize): typeof ProviderPause =>
  class extends ProviderPause {}.init(
    {
      provider: { type: DataTypes.STRING(50), primaryKey: true },
      code: DataTypes.STRING(100),
      until: DataTypes.DATE,
      balanceRoubles: DataTypes.DECIMAL(12, 2),
      checkedAt: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: "ProviderPause",
      tableName: "provider_pauses",
      timestamps: false,
      underscored: true,
    },
  );

/** How long a provider is paused yet, by the database's clock; 0 where it is not. */
export async function pausedSeconds(
  { sequelize }: Pick<Records, "sequelize">,
  provider: ProviderId,
): Promise<number> {
  const [pause] = await sequelize.query<{ seconds: number }>(
    `SELECT extract(epoch FROM until - now())::float8 AS seconds FROM provider_pauses
      WHERE provider = $1 AND until > now()`,
    { bind: [provider], type: QueryTypes.SELECT },
  );
  return pause?.seconds ?? 0;
}

/** The pauses that are over, or were not looked at for so many seconds; for the caller alone. */
export async function claimPauseChecks(records: Records, seconds: number): Promise<PauseCheck[]> {
  const [rows] = await records.sequelize.query(
    `UPDATE provider_pauses SET checked_at = now()
      WHERE until <= now() OR checked_at IS NULL OR checked_at < now() - $1 * interval '1 second'
     RETURNING provider, code, balance_roubles AS "balanceRoubles", until <= now() AS "isOver"`,
    { bind: [seconds] },
  );
  return rows as PauseCheck[];
}

export async function pauseProvider(
  records: Records,
  provider: ProviderId,
  { code, seconds }: { code: ErrorCode; seconds: number },
  transaction: Transaction,
): Promise<void> {
  await records.ProviderPause.upsert({ provider, code, until: inSeconds(seconds) as never }, { transaction });
}
