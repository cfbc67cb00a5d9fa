import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { Role } from "../contract/access.ts";

/** To whom everything belongs while the product runs without accounts; the first administrator takes its place. */
export const LOCAL_USER_ID = "00000000-0000-7000-8000-000000000001";

/** A person. Without `email` it is the local user of a server without sign-in, which nobody can sign in as. */
export class User extends Model<InferAttributes<User>, Partial<InferAttributes<User>>> {
  declare id: string;
  declare email: string | null;
  declare name: string | null;
  declare passwordHash: string | null;
  declare role: Role;
  declare locale: "en" | "ru" | null;
  declare emailVerifiedAt: Date | null;
  declare passwordChangedAt: Date | null;
  declare lastSignInAt: Date | null;
  declare disabledAt: Date | null;
  /** The account is being erased; what is left of it goes in steps. */
  declare deletedAt: Date | null;
  declare createdAt: Date;
  declare updatedAt: Date;
}

export const defineUser = (sequelize: Sequelize): typeof User =>
  class extends User {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      email: DataTypes.STRING(254),
      name: DataTypes.STRING(200),
      passwordHash: DataTypes.TEXT,
      role: DataTypes.STRING(10),
      locale: DataTypes.STRING(2),
      emailVerifiedAt: DataTypes.DATE,
      passwordChangedAt: DataTypes.DATE,
      lastSignInAt: DataTypes.DATE,
      disabledAt: DataTypes.DATE,
      deletedAt: DataTypes.DATE,
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: "User",
      tableName: "users",
      timestamps: false,
      underscored: true,
      defaultScope: { attributes: { exclude: ["passwordHash"] } },
    },
  );
