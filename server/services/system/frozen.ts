import { QueryTypes, type Transaction } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { SystemState } from "./system-state.ts";

/** Whether nothing at all may be changed or worked on: a backup is being restored, or waits for a decision. */
export const isFrozen = (switches: Pick<SystemState, "get">): boolean => switches.get("restore") !== null;

/**
 * The same, asked of the database: for what deletes files, which a restore may need that has just begun. With a
 * `transaction` no other state takes the place of this one before its end.
 */
export async function isFrozenNow(
  { sequelize }: Pick<Records, "sequelize">,
  transaction?: Transaction,
): Promise<boolean> {
  const rows = await sequelize.query("SELECT 1 FROM system_state WHERE key = 'restore'", {
    type: QueryTypes.SELECT,
    transaction,
  });
  return rows.length > 0;
}

/**
 * For what was let in before a restore began and took its time, such as an upload: it must not end in another state.
 * @throws AppError `maintenance`
 */
export async function refuseFrozen(
  records: Pick<Records, "sequelize">,
  transaction?: Transaction,
): Promise<void> {
  if (await isFrozenNow(records, transaction)) throw new AppError("maintenance", { retryAfterSeconds: 60 });
}
