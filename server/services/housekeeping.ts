import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { lockPhoto } from "./photos.ts";
import { originalKey } from "./publish-model.ts";
import { ownsStore } from "./store-owner.ts";

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
  if (!(await ownsStore({ records, storage }))) {
    logger.warn("The store holds files of another database, so nothing in it is swept");
    return 0;
  }
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
    if (await records.ModelFile.count({ where: { key } })) continue;
    const whileOpen = key === originalKey(modelId) ? {} : { finishedAt: null };
    if (await records.Generation.count({ where: { reservedModelId: modelId, ...whileOpen } })) continue;
    await storage.remove(key);
    removed += 1;
  }
  if (removed > 0) logger.info("Removed files that nothing names any more", { files: removed });
  return removed;
}
