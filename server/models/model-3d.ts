import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { Dimensions } from "../contract/common.ts";
import type { LocalReport, MODEL_STATUSES, ModelStats, VISIBILITIES } from "../contract/model.ts";
import type { ModelFile } from "./model-file.ts";
import type { Photo } from "./photo.ts";
import type { User } from "./user.ts";

/** The result that is kept. `deletedAt` means that it is in the trash; `version` grows at every change. */
export class Model3d extends Model<
  InferAttributes<Model3d, { omit: "files" | "photo" | "owner" }>,
  Partial<InferAttributes<Model3d, { omit: "files" | "photo" | "owner" }>>
> {
  declare id: string;
  declare userId: string;
  declare name: string;
  declare description: string | null;
  declare status: (typeof MODEL_STATUSES)[number];
  /** `team`: every member may look at it; only its owner and administrators change it. */
  declare visibility: (typeof VISIBILITIES)[number];
  declare tags: string[];
  declare dimensions: Dimensions;
  /** Bytes that `model.glb` should stay under; null is the server's own bound. */
  declare maxBytes: number | null;
  declare stats: ModelStats;
  declare report: LocalReport | null;
  declare metadata: Record<string, unknown>;
  declare provider: string | null;
  declare network: string | null;
  declare generationId: string | null;
  declare photoId: string | null;
  declare version: number;
  declare createdAt: Date;
  declare updatedAt: Date;
  declare deletedAt: Date | null;
  declare files?: ModelFile[];
  declare photo?: Photo | null;
  declare owner?: Pick<User, "id" | "name"> | null;
}

export const defineModel3d = (sequelize: Sequelize): typeof Model3d =>
  class extends Model3d {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      userId: DataTypes.UUID,
      name: DataTypes.STRING(200),
      description: DataTypes.TEXT,
      status: DataTypes.STRING(50),
      visibility: DataTypes.STRING(10),
      tags: DataTypes.ARRAY(DataTypes.TEXT),
      dimensions: DataTypes.JSONB,
      maxBytes: DataTypes.INTEGER,
      stats: DataTypes.JSONB,
      report: DataTypes.JSONB,
      metadata: DataTypes.JSONB,
      provider: DataTypes.STRING(50),
      network: DataTypes.STRING(64),
      generationId: DataTypes.UUID,
      photoId: DataTypes.UUID,
      version: DataTypes.INTEGER,
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
      deletedAt: DataTypes.DATE,
    },
    { sequelize, modelName: "Model3d", tableName: "models_3d", timestamps: false, underscored: true },
  );
