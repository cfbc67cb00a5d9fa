import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { DimensionsInput, LocalizedText } from "../contract/common.ts";
import type { GenerationStage, GenerationStatus } from "../contract/generation.ts";
import type { KeySource, ParamValues, ProviderId } from "../contract/provider.ts";
import type { ErrorCode } from "../errors.ts";
import type { Model3d } from "./model-3d.ts";
import type { Photo } from "./photo.ts";
import type { Spending } from "./spending.ts";

/** Why a generation failed; `detail` where there is more to say than the error table does. */
export interface StoredError {
  code: ErrorCode;
  detail?: LocalizedText;
}

/**
 * The way from a photo to a model: one durable state machine in one row.
 * `fence` counts claims, so that a worker that lost its lease can't write any more; `wakeAt` is the time after
 * which the sweep takes the row up again; `version` is set by the database at every change.
 */
export class Generation extends Model<
  InferAttributes<Generation, { omit: "photo" | "model" | "spendings" }>,
  Partial<InferAttributes<Generation, { omit: "photo" | "model" | "spendings" }>>
> {
  declare id: string;
  declare userId: string;
  declare status: GenerationStatus;
  declare stage: GenerationStage | null;
  declare progress: number | null;
  declare provider: ProviderId;
  /** Which key pays, and so has to be asked with about it. */
  declare keySource: KeySource;
  declare network: string;
  declare preset: string | null;
  declare params: ParamValues;
  declare name: string;
  declare tags: string[];
  declare dimensions: DimensionsInput | null;
  declare photoId: string;
  declare attempts: number;
  declare remoteId: string | null;
  declare resultUrl: string | null;
  declare report: Record<string, unknown>;
  declare cost: string | null;
  declare error: StoredError | null;
  declare reservedModelId: string;
  declare requestId: string | null;
  declare traceparent: string | null;
  declare idempotencyKey: string | null;
  declare requestDigest: string | null;
  declare fence: number;
  declare wakeAt: Date | null;
  declare deadlineAt: Date | null;
  declare version: string;
  declare createdAt: Date;
  /** When it was created, or a person last sent it to the queue again. */
  declare queuedAt: Date;
  declare updatedAt: Date;
  declare startedAt: Date | null;
  declare finishedAt: Date | null;
  /** Failed tries to fetch and check the result since it was there, or since the last retry. */
  declare resultTries: number;
  /** How often all tries with the result of this remote id failed. */
  declare resultRefusals: number;
  /** When the paid result of a canceled generation was put into the store. */
  declare rescuedAt: Date | null;
  /** Since when the provider calls it done without saying where the result is. */
  declare resultMissingSince: Date | null;
  declare photo?: Photo;
  declare model?: Model3d | null;
  declare spendings?: Spending[];
}

export const defineGeneration = (sequelize: Sequelize): typeof Generation =>
  class extends Generation {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      userId: DataTypes.UUID,
      status: DataTypes.STRING(50),
      stage: DataTypes.STRING(50),
      progress: DataTypes.REAL,
      provider: DataTypes.STRING(50),
      keySource: DataTypes.STRING(10),
      network: DataTypes.STRING(64),
      preset: DataTypes.STRING(50),
      params: DataTypes.JSONB,
      name: DataTypes.STRING(200),
      tags: DataTypes.ARRAY(DataTypes.TEXT),
      dimensions: DataTypes.JSONB,
      photoId: DataTypes.UUID,
      attempts: DataTypes.INTEGER,
      remoteId: DataTypes.TEXT,
      resultUrl: DataTypes.TEXT,
      report: DataTypes.JSONB,
      cost: DataTypes.DECIMAL(12, 2),
      error: DataTypes.JSONB,
      reservedModelId: DataTypes.UUID,
      requestId: DataTypes.TEXT,
      traceparent: DataTypes.STRING(55),
      idempotencyKey: DataTypes.TEXT,
      requestDigest: DataTypes.CHAR(64),
      fence: DataTypes.INTEGER,
      wakeAt: DataTypes.DATE,
      deadlineAt: DataTypes.DATE,
      version: DataTypes.BIGINT,
      createdAt: DataTypes.DATE,
      queuedAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
      startedAt: DataTypes.DATE,
      finishedAt: DataTypes.DATE,
      resultTries: DataTypes.INTEGER,
      resultRefusals: DataTypes.INTEGER,
      rescuedAt: DataTypes.DATE,
      resultMissingSince: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: "Generation",
      tableName: "generation_tasks",
      timestamps: false,
      underscored: true,
    },
  );
