import { literal } from "sequelize";
import type { Records } from "../models/records.ts";

/**
 * The column's new value with the given parts put into it, leaving what others wrote there; undefined parts stay as
 * they are, null ones fall away. Undefined where nothing changes.
 */
export function mergedMetadata(
  { sequelize }: Records,
  parts: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  // Sequelize looks for its own parameters behind each dollar sign, inside of quotes too.
  const json = JSON.stringify(Object.fromEntries(given)).replaceAll("$", "\\u0024");
  const dropped = given.filter(([, value]) => value === null).map(([key]) => ` - ${sequelize.escape(key)}`);
  const merged = `(metadata || ${sequelize.escape(json)}::jsonb)${dropped.join("")}`;
  return literal(merged) as unknown as Record<string, unknown>;
}
