import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { ExportKind, FileKind } from "../contract/model.ts";

/** One file of a model: its key in the storage, size in bytes and SHA-256. */
export class ModelFile extends Model<InferAttributes<ModelFile>, Partial<InferAttributes<ModelFile>>> {
  declare id: string;
  declare modelId: string;
  declare kind: FileKind | ExportKind;
  declare key: string;
  declare bytes: number;
  declare sha256: string;
  declare mediaType: string;
  declare createdAt: Date;
}

export const defineModelFile = (sequelize: Sequelize): typeof ModelFile =>
  class extends ModelFile {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      modelId: DataTypes.UUID,
      kind: DataTypes.STRING(50),
      key: DataTypes.TEXT,
      bytes: DataTypes.INTEGER,
      sha256: DataTypes.CHAR(64),
      mediaType: DataTypes.TEXT,
      createdAt: DataTypes.DATE,
    },
    { sequelize, modelName: "ModelFile", tableName: "model_files", timestamps: false, underscored: true },
  );
