import { QueryTypes } from "sequelize";
import type { Records } from "../../models/records.ts";
import type { SystemState } from "./system-state.ts";

/** Whether nothing at all may be changed or worked on: a backup is being restored, or waits for a decision. */
export const isFrozen = (switches: Pick<SystemState, "get">): boolean => switches.get("restore") !== null;

/** The same, asked of the database: for what deletes files, which a restore may need that has just begun. */
export async function isFrozenNow({ sequelize }: Pick<Records, "sequelize">): Promise<boolean> {
  const rows = await sequelize.query("SELECT 1 FROM system_state WHERE key = 'restore'", {
    type: QueryTypes.SELECT,
  });
  return rows.length > 0;
}
