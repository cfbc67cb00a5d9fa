import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import { countUnreadable } from "./sealed-rows.ts";
import type { Vault } from "./vault.ts";
import { renewWebhookSecrets } from "./webhook-secrets.ts";

/**
 * For the start: seals what earlier versions kept in clear, and says so in the log where secrets are under a key that
 * the settings don't have.
 */
export async function openVault({
  records,
  vault,
  logger,
}: {
  records: Records;
  vault: Vault;
  logger: Logger;
}): Promise<void> {
  await renewWebhookSecrets(records, vault);
  const unreadable = await countUnreadable(records, vault);
  if (unreadable > 0) {
    logger.error(
      "Secrets in the database are sealed with another API_ENCRYPTION_KEY or API_ENCRYPTION_SALT. Give all servers " +
        "of this database the same ones; after a change set API_ENCRYPTION_KEY_PREVIOUS and run npm run rotate-keys.",
      { count: unreadable },
    );
  }
}
