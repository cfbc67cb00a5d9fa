import { QueryTypes } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import { fromText, sealedBeginning, toText } from "./sealed-text.ts";
import type { Vault } from "./vault.ts";

/** The receiver that a secret belongs to. */
interface Place {
  id: string;
  userId: string;
}

const contextOf = ({ id, userId }: Place): string => `webhook/${userId}/${id}`;

export const sealWebhookSecret = (vault: Vault, place: Place, secret: string): string =>
  toText(vault.seal(secret, contextOf(place)));

/** Rows of earlier versions are in clear until `renewWebhookSecrets` has been there. Throws `encryption-key-changed`. */
export function openWebhookSecret(vault: Vault, place: Place, kept: string): string {
  const sealed = fromText(kept);
  return sealed ? vault.open(sealed, contextOf(place)) : kept;
}

/** What became of secrets: put under the present key, or left, for no key of the settings opens them. */
export interface Renewal {
  renewed: number;
  unreadable: number;
}

const AT_ONCE = 100;

interface Row extends Place {
  secret: string;
  previousSecret: string | null;
}

/**
 * Puts the secrets of receivers under the present key: those in clear, and those that are under a former one. In
 * transactions of a hundred, so that it may be cut off anywhere, run again and run twice at once.
 */
export async function renewWebhookSecrets(records: Records, vault: Vault): Promise<Renewal> {
  const { sequelize, WebhookEndpoint } = records;
  const total = { renewed: 0, unreadable: 0 };
  const present = `${sealedBeginning(vault.keyId)}%`;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const rows = await sequelize.transaction(async (transaction) => {
      const found = await sequelize.query<Row>(
        `SELECT id, user_id AS "userId", secret, previous_secret AS "previousSecret" FROM webhook_endpoints
          WHERE id > $1 AND (secret NOT LIKE $2 OR previous_secret NOT LIKE $2)
          ORDER BY id LIMIT ${AT_ONCE} FOR UPDATE`,
        { type: QueryTypes.SELECT, bind: [after, present], transaction },
      );
      for (const row of found) {
        const renewed = renewRow(vault, row);
        if (!renewed) total.unreadable += 1;
        else {
          await WebhookEndpoint.update(renewed, { where: { id: row.id }, transaction });
          total.renewed += 1;
        }
      }
      return found;
    });
    if (rows.length < AT_ONCE) return total;
    after = rows.at(-1)!.id;
  }
}

/** Null where a secret of it can't be read. */
function renewRow(vault: Vault, row: Row): Pick<Row, "secret" | "previousSecret"> | null {
  const renew = (kept: string): string => {
    const sealed = fromText(kept);
    if (!sealed) return sealWebhookSecret(vault, row, kept);
    const rewrapped = vault.rewrap(sealed, contextOf(row));
    return rewrapped ? toText(rewrapped) : kept;
  };
  try {
    return { secret: renew(row.secret), previousSecret: row.previousSecret && renew(row.previousSecret) };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
