import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { lockPhoto } from "./photos.ts";
import { originalKey } from "./publish-model.ts";

const HOUR_MS = 3_600_000;

interface Deps {
  records: Records;
  storage: Storage;
  logger: Logger;
}

/**
 * Removes stored bytes that no row has named for a day: remains of work that was cut off, and deleted photos.
 * What a provider gave for a generation that still stands is never removed.
 */
export async function removeOrphans(
  { records, storage, logger }: Deps,
  minimumAgeMs = 24 * HOUR_MS,
): Promise<number> {
  let removed = 0;
  const isOld = (modifiedAt: Date) => Date.now() - modifiedAt.getTime() > minimumAgeMs;
  for await (const { key, modifiedAt } of storage.list("input/")) {
    if (!isOld(modifiedAt)) continue;
    const sha256 = key.replace(/^.*\/|\..*$/g, "");
    removed += await records.sequelize.transaction(async (transaction) => {
      await lockPhoto(records, sha256, transaction);
      if (await records.Photo.count({ where: { key }, transaction })) return 0;
      await storage.remove(key);
      return 1;
    });
  }
  for await (const { key, modifiedAt } of storage.list("models/")) {
    if (!isOld(modifiedAt)) continue;
    const modelId = key.split("/")[1];
    const isNamed = await records.ModelFile.count({ where: { key } });
    const whileOpen = key === originalKey(modelId) ? {} : { finishedAt: null };
    const isExpected = await records.Generation.count({ where: { reservedModelId: modelId, ...whileOpen } });
    if (isNamed || isExpected) continue;
    await storage.remove(key);
    removed += 1;
  }
  if (removed > 0) logger.info("Removed files that nothing names any more", { files: removed });
  return removed;
}
