import type { Sequelize } from "sequelize";
import { defineAlert } from "./alert.ts";
import { defineAttempt } from "./attempt.ts";
import { defineAuditEntry } from "./audit-entry.ts";
import { defineBackupRun } from "./backup-run.ts";
import { defineGeneration } from "./generation.ts";
import { defineLinkRecords } from "./invitation.ts";
import { defineKeyRecords } from "./keys.ts";
import { defineModel3d } from "./model-3d.ts";
import { defineModelFile } from "./model-file.ts";
import { definePhoto } from "./photo.ts";
import { defineProviderPause } from "./provider-pause.ts";
import { defineSessionRecords } from "./session.ts";
import { defineShare } from "./share.ts";
import { defineSpending } from "./spending.ts";
import { defineSystemValue } from "./system-value.ts";
import { defineUser } from "./user.ts";
import { defineWebhookRecords } from "./webhook-records.ts";

/** The records of one database connection, with their associations. Migrations are the tables' truth. */
export function defineRecords(sequelize: Sequelize) {
  const Photo = definePhoto(sequelize);
  const Generation = defineGeneration(sequelize);
  const Attempt = defineAttempt(sequelize);
  const Model3d = defineModel3d(sequelize);
  const ModelFile = defineModelFile(sequelize);
  const AuditEntry = defineAuditEntry(sequelize);
  const ProviderPause = defineProviderPause(sequelize);
  const Spending = defineSpending(sequelize);
  const Share = defineShare(sequelize);
  Generation.belongsTo(Photo, { as: "photo", foreignKey: "photoId" });
  Generation.hasMany(Spending, { as: "spendings", foreignKey: "generationId" });
  Generation.hasOne(Model3d, { as: "model", foreignKey: "generationId" });
  Model3d.belongsTo(Photo, { as: "photo", foreignKey: "photoId" });
  Model3d.hasMany(ModelFile, { as: "files", foreignKey: "modelId" });
  const webhooks = defineWebhookRecords(sequelize);
  const User = defineUser(sequelize);
  const links = defineLinkRecords(sequelize);
  links.Invitation.belongsTo(User, { as: "creator", foreignKey: "createdBy" });
  links.Invitation.belongsTo(User, { as: "guest", foreignKey: "usedBy" });
  const keys = defineKeyRecords(sequelize);
  Model3d.belongsTo(User, { as: "owner", foreignKey: "userId" });
  keys.ApiKey.belongsTo(User, { as: "user", foreignKey: "userId" });
  return {
    ...webhooks,
    ...defineSessionRecords(sequelize),
    ...links,
    ...keys,
    User,
    sequelize,
    Photo,
    Generation,
    Attempt,
    Model3d,
    ModelFile,
    Alert: defineAlert(sequelize),
    AuditEntry,
    ProviderPause,
    Spending,
    Share,
    SystemValue: defineSystemValue(sequelize),
    BackupRun: defineBackupRun(sequelize),
  };
}

export type Records = ReturnType<typeof defineRecords>;
