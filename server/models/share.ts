import { DataTypes, type InferAttributes, literal, Model, type Sequelize } from "sequelize";

/**
 * A link that lets anyone see one model (`modelId`), or a gallery: models with a `tag`, or `modelIds` in their order.
 * `isExpired` is judged by the database's clock whenever the row is read.
 */
export class Share extends Model<InferAttributes<Share>, Partial<InferAttributes<Share>>> {
  declare id: string;
  declare userId: string;
  declare token: string;
  declare title: string | null;
  declare modelId: string | null;
  declare tag: string | null;
  declare modelIds: string[] | null;
  declare embedSites: string[];
  declare expiresAt: Date | null;
  declare isExpired: boolean;
  declare revokedAt: Date | null;
  declare opens: number;
  declare createdAt: Date;
}

export const defineShare = (sequelize: Sequelize): typeof Share =>
  class extends Share {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      userId: DataTypes.UUID,
      token: DataTypes.STRING(22),
      title: DataTypes.STRING(200),
      modelId: DataTypes.UUID,
      tag: DataTypes.TEXT,
      modelIds: DataTypes.ARRAY(DataTypes.UUID),
      embedSites: DataTypes.ARRAY(DataTypes.TEXT),
      expiresAt: DataTypes.DATE,
      isExpired: DataTypes.VIRTUAL(DataTypes.BOOLEAN),
      revokedAt: DataTypes.DATE,
      opens: DataTypes.INTEGER,
      createdAt: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: "Share",
      tableName: "shares",
      timestamps: false,
      underscored: true,
      defaultScope: {
        attributes: {
          include: [[literal('coalesce("Share"."expires_at" <= now(), false)'), "isExpired"]],
        },
      },
    },
  );
