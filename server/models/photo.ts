import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";

/** The picture that a user gave, re-encoded and stored once under its SHA-256. */
export class Photo extends Model<InferAttributes<Photo>, Partial<InferAttributes<Photo>>> {
  declare id: string;
  declare sha256: string;
  declare key: string;
  declare mediaType: string;
  declare bytes: number;
  declare width: number;
  declare height: number;
  declare createdAt: Date;
}

export const definePhoto = (sequelize: Sequelize): typeof Photo =>
  class extends Photo {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      sha256: DataTypes.CHAR(64),
      key: DataTypes.TEXT,
      mediaType: DataTypes.TEXT,
      bytes: DataTypes.INTEGER,
      width: DataTypes.INTEGER,
      height: DataTypes.INTEGER,
      createdAt: DataTypes.DATE,
    },
    { sequelize, modelName: "Photo", tableName: "photos", timestamps: false, underscored: true },
  );
