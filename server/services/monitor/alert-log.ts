import { Op } from "sequelize";
import type { z } from "zod";
import type { AlertQuery } from "../../contract/monitor.ts";
import type { Alert } from "../../models/alert.ts";
import type { Records } from "../../models/records.ts";
import { afterCursor, encodeCursor } from "../paging.ts";

/** A time that no clock reaches sorts the open ones first. */
const OPEN_YEARS = 1000;
const ORDER = {
  value: `("Alert"."opened_at" + CASE WHEN "Alert"."resolved_at" IS NULL THEN interval '${OPEN_YEARS} years'
    ELSE interval '0' END)`,
  type: "time",
  id: `"Alert"."id"`,
  descending: true,
} as const;

function placeOf({ openedAt, resolvedAt, id }: Alert): string {
  const time = new Date(openedAt);
  if (!resolvedAt) time.setUTCFullYear(time.getUTCFullYear() + OPEN_YEARS);
  return encodeCursor(time.toISOString(), id);
}

/** A page of all alerts: those that are open first, then the newest. */
export async function listAlerts({ Alert, sequelize }: Records, query: z.output<typeof AlertQuery>) {
  const where = query.state ? { resolvedAt: query.state === "open" ? null : { [Op.ne]: null } } : {};
  const after = afterCursor(query.cursor, ORDER, (value) => sequelize.escape(value));
  const rows = await Alert.findAll({
    where: { [Op.and]: [where, after] },
    order: [
      [sequelize.literal(ORDER.value), "DESC"],
      ["id", "DESC"],
    ],
    limit: query.limit + 1,
  });
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > items.length && last ? placeOf(last) : null,
    total: query.total ? await Alert.count({ where }) : undefined,
  };
}

export const openAlerts = ({ Alert }: Records): Promise<Alert[]> =>
  Alert.findAll({
    where: { resolvedAt: null },
    order: [
      ["openedAt", "DESC"],
      ["id", "DESC"],
    ],
  });

/** Removes those that have been over for longer than is kept. */
export async function removeOldAlerts(
  { Alert }: Records,
  { now, retentionDays }: { now: Date; retentionDays: number },
): Promise<void> {
  const oldest = new Date(now.getTime() - retentionDays * 86_400_000);
  await Alert.destroy({ where: { resolvedAt: { [Op.lt]: oldest } } });
}
