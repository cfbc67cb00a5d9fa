import { openConfiguredDatabase, readConfiguration } from "../../database/cli-settings.ts";
import { connectDatabase } from "../../database/connect.ts";
import { defineRecords } from "../../models/records.ts";
import { completeSecrets } from "../kept-secrets.ts";
import { rewrapAll } from "./rewrap.ts";
import { createVault, encryptionOf } from "./vault.ts";

// `npm run rotate-keys`, while servers that know both keys are running or not: says how many, never what.
try {
  const { config } = readConfiguration();
  const vault = createVault(
    ...encryptionOf(config, await completeSecrets(config.secrets, config.dataFolder)),
  );
  const database = await openConfiguredDatabase();
  const sequelize = connectDatabase({ url: database.url, pool: { ...config.pool, min: 0, max: 2 } });
  try {
    const result = await rewrapAll(defineRecords(sequelize), vault);
    for (const [kind, { renewed, unreadable }] of Object.entries({
      "Users' own provider keys": result.providerKeys,
      "Webhooks' secrets": result.webhookSecrets,
    })) {
      console.log(`${kind}: ${renewed} put under the present key, ${unreadable} can't be read.`);
      if (unreadable > 0) process.exitCode = 1;
    }
    console.log(
      process.exitCode
        ? "Set API_ENCRYPTION_KEY_PREVIOUS (and API_ENCRYPTION_SALT_PREVIOUS where the salt changed) to the values " +
            "that they were sealed with, and run this again. Without those values they have to be entered anew."
        : `Everything is under the present key.${config.formerEncryption ? " Remove API_ENCRYPTION_KEY_PREVIOUS and API_ENCRYPTION_SALT_PREVIOUS." : ""}`,
    );
  } finally {
    await sequelize.close();
    await database.dispose();
  }
} catch (error) {
  console.error(`The keys were not rotated: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
