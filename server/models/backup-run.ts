import { DataTypes, type InferAttributes, Model, type Sequelize } from "sequelize";
import type { BackupKind, BackupRun as Told } from "../contract/backup.ts";
import type { LocalizedText } from "../contract/common.ts";

/** One making or verifying of a backup, from its beginning; numbers of bytes and files are bigint, so text. */
export class BackupRun extends Model<InferAttributes<BackupRun>, Partial<InferAttributes<BackupRun>>> {
  declare id: string;
  declare task: Told["task"];
  declare kind: BackupKind | null;
  declare filename: string | null;
  declare state: Told["state"];
  declare step: Told["step"];
  declare filesDone: string;
  declare filesTotal: string | null;
  declare bytesDone: string;
  declare bytesTotal: string | null;
  /** Whoever runs it looks here now and then. */
  declare cancelRequested: boolean;
  /** Null where nothing was verified. */
  declare verifiedOk: boolean | null;
  declare verifiedAt: Date | null;
  /** Of the backup that was made: the compressed dump and all files it names. */
  declare sizeBytes: string | null;
  /** In English. */
  declare error: string | null;
  /** Null also where an earlier version failed. */
  declare failure: { code: string; detail: LocalizedText } | null;
  declare startedAt: Date;
  declare finishedAt: Date | null;
}

export const defineBackupRun = (sequelize: Sequelize): typeof BackupRun =>
  class extends BackupRun {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      task: DataTypes.STRING(20),
      kind: DataTypes.STRING(20),
      filename: DataTypes.STRING(100),
      state: DataTypes.STRING(20),
      step: DataTypes.STRING(20),
      filesDone: DataTypes.BIGINT,
      filesTotal: DataTypes.BIGINT,
      bytesDone: DataTypes.BIGINT,
      bytesTotal: DataTypes.BIGINT,
      cancelRequested: DataTypes.BOOLEAN,
      verifiedOk: DataTypes.BOOLEAN,
      verifiedAt: DataTypes.DATE,
      sizeBytes: DataTypes.BIGINT,
      error: DataTypes.TEXT,
      failure: DataTypes.JSONB,
      startedAt: DataTypes.DATE,
      finishedAt: DataTypes.DATE,
    },
    { sequelize, modelName: "BackupRun", tableName: "backup_runs", timestamps: false, underscored: true },
  );
