import { Op } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import { contextOf } from "../provider-keys/own-keys.ts";
import type { Vault } from "./vault.ts";
import { type Renewal, renewWebhookSecrets } from "./webhook-secrets.ts";

const AT_ONCE = 100;

/**
 * Puts everything that is sealed under the present key; the secrets themselves are not opened, only their data keys.
 * Repeatable and restartable: each hundred rows are a transaction, and what is done is not done again.
 */
export async function rewrapAll(
  records: Records,
  vault: Vault,
): Promise<Record<"providerKeys" | "webhookSecrets", Renewal>> {
  return {
    providerKeys: await rewrapProviderKeys(records, vault),
    webhookSecrets: await renewWebhookSecrets(records, vault),
  };
}

async function rewrapProviderKeys({ sequelize, ProviderKey }: Records, vault: Vault): Promise<Renewal> {
  const total = { renewed: 0, unreadable: 0 };
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const rows = await sequelize.transaction(async (transaction) => {
      const found = await ProviderKey.unscoped().findAll({
        where: { id: { [Op.gt]: after }, wrappingKeyId: { [Op.ne]: vault.keyId } },
        order: ["id"],
        limit: AT_ONCE,
        lock: transaction.LOCK.UPDATE,
        transaction,
      });
      for (const row of found) {
        const rewrapped = tryRewrap(() => vault.rewrap(row, contextOf(row)));
        if (!rewrapped) total.unreadable += 1;
        else {
          const { wrappingKeyId, wrappedKey } = rewrapped;
          await row.update({ wrappingKeyId, wrappedKey }, { transaction });
          total.renewed += 1;
        }
      }
      return found;
    });
    if (rows.length < AT_ONCE) return total;
    after = rows.at(-1)!.id;
  }
}

function tryRewrap<T>(rewrap: () => T): T | null {
  try {
    return rewrap();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
