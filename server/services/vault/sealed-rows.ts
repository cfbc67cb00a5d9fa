import { QueryTypes } from "sequelize";
import type { Records } from "../../models/records.ts";
import { sealedBeginning } from "./sealed-text.ts";
import type { Vault } from "./vault.ts";

/** How many rows hold a secret that no key of the settings opens. */
export async function countUnreadable(
  { sequelize }: Pick<Records, "sequelize">,
  vault: Vault,
): Promise<number> {
  const beginnings = vault.knownIds.map((id) => `${sealedBeginning(id)}%`);
  const [{ count }] = await sequelize.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM provider_keys WHERE wrapping_key_id <> ALL ($1::text[]))::int
          + (SELECT count(*) FROM webhook_endpoints
              WHERE secret LIKE 'sealed:%' AND NOT secret LIKE ANY ($2::text[]))::int AS count`,
    { type: QueryTypes.SELECT, bind: [vault.knownIds, beginnings] },
  );
  return count;
}
