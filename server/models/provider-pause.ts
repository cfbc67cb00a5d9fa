import {
  DataTypes,
  type InferAttributes,
  literal,
  Model,
  Op,
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
}

export const defineProviderPause = (sequelize: Sequelize): typeof ProviderPause =>
  class extends ProviderPause {}.init(
    {
      provider: { type: DataTypes.STRING(50), primaryKey: true },
      code: DataTypes.STRING(100),
      until: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: "ProviderPause",
      tableName: "provider_pauses",
      timestamps: false,
      underscored: true,
    },
  );

/** The pauses of this moment, by provider. */
export async function currentPauses(records: Records): Promise<Map<ProviderId, ProviderPause>> {
  const pauses = await records.ProviderPause.findAll({ where: { until: { [Op.gt]: literal("now()") } } });
  return new Map(pauses.map((pause) => [pause.provider, pause]));
}

export async function pauseProvider(
  records: Records,
  provider: ProviderId,
  { code, seconds }: { code: ErrorCode; seconds: number },
  transaction: Transaction,
): Promise<void> {
  await records.ProviderPause.upsert({ provider, code, until: inSeconds(seconds) as never }, { transaction });
}
