import { literal, Op } from "sequelize";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { originalKey } from "./publish-model.ts";

/** How long the paid result of canceled work is kept for someone to take. */
export const KEPT_DAYS = 30;

/**
 * Removes kept results that nobody took in time. A later retry still asks the provider for the same work first, so
 * it is paid for anew only where the provider has forgotten it.
 */
export async function removeKeptResults(
  { records, storage, logger }: { records: Records; storage: Storage; logger: Logger },
  days = KEPT_DAYS,
): Promise<number> {
  const old = {
    status: "canceled" as const,
    rescuedAt: { [Op.lt]: literal(`now() - interval '${Number(days)} days'`) },
  };
  const kept = await records.Generation.findAll({ where: old, attributes: ["id", "reservedModelId"] });
  for (const { id, reservedModelId } of kept) {
    await records.sequelize.transaction(async (transaction) => {
      const values = { rescuedAt: null, resultUrl: null };
      const [changed] = await records.Generation.update(values, { where: { ...old, id }, transaction });
      if (changed) await storage.remove(originalKey(reservedModelId));
    });
  }
  if (kept.length > 0) logger.info("Removed kept results that nobody took", { results: kept.length });
  return kept.length;
}
