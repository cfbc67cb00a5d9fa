import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { completeSecrets } from "../../services/kept-secrets.ts";
import { countUnreadable } from "../../services/vault/sealed-rows.ts";
import { createVault, encryptionOf } from "../../services/vault/vault.ts";
import { type Check, NO_DATABASE, ok, problem, warning } from "../check.ts";

/** Whether everything that is sealed in the database opens with the keys of the settings. */
export const sealed: Check = {
  name: "encryption",
  async run({ config, database }) {
    if (!database?.isMigrated) return [NO_DATABASE];
    const file = path.join(config.dataFolder, "secrets.json");
    const isGiven = config.secrets.encryptionKey !== null && config.secrets.encryptionSalt !== null;
    if (!isGiven && !existsSync(file)) {
      // A stranger's key opens nothing, so this counts all that is sealed.
      const count = await countUnreadable(
        database.records,
        createVault({ key: randomUUID(), salt: randomUUID() }),
      );
      if (count === 0) return [ok("Nothing is sealed yet.")];
      const cure = "Put the file back from a backup; without it these secrets have to be entered anew.";
      return [problem(`${file} is gone, and ${count} secrets in the database are sealed with it.`, cure)];
    }
    const secrets = await completeSecrets(config.secrets, config.dataFolder);
    const [present, former] = encryptionOf(config, secrets);
    const locked = await countUnreadable(database.records, createVault(present, former));
    if (locked > 0) {
      return [
        problem(
          `${locked} secrets in the database are sealed with another key.`,
          "Set API_ENCRYPTION_KEY and API_ENCRYPTION_SALT to what they were; after a change on purpose set " +
            "API_ENCRYPTION_KEY_PREVIOUS to the old value and run npm run rotate-keys.",
        ),
      ];
    }
    if (!former) return [ok("Everything that is sealed can be opened.")];
    const left = await countUnreadable(database.records, createVault(present));
    return [
      left > 0
        ? warning(
            `A rotation is under way: ${left} secrets are under the former key.`,
            "Run npm run rotate-keys.",
          )
        : warning(
            "API_ENCRYPTION_KEY_PREVIOUS is still set, and nothing is under it any more.",
            "Remove API_ENCRYPTION_KEY_PREVIOUS and API_ENCRYPTION_SALT_PREVIOUS.",
          ),
    ];
  },
};
