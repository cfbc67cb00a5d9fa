import { stat } from "node:fs/promises";
import { v7 as newId } from "uuid";
import type { ModelProcessor } from "../assets/glb.ts";
import type { DimensionsInput } from "../contract/common.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { readModel } from "./models.ts";
import { makeModelFiles, originalKey, replaceFileRows } from "./publish-model.ts";
import type { StorageQuota } from "./storage-quota.ts";
import { refuseFrozen } from "./system/frozen.ts";

/**
 * Keeps a GLB that was made elsewhere. Throws `not-a-glb`, `model-invalid` or `storage-quota`; then nothing of it stays.
 */
export async function importModel(
  deps: { records: Records; storage: Storage; processor: ModelProcessor; quota: StorageQuota },
  upload: {
    userId: string;
    path: string;
    name: string;
    dimensions: DimensionsInput | null;
    maxBytes: number | null;
  },
): Promise<Model3d> {
  const { records, storage, quota } = deps;
  await quota.refuseFull(upload.userId, (await stat(upload.path)).size);
  const id = newId();
  await storage.publish(originalKey(id), upload.path);
  try {
    const { files, dimensions, stats } = await makeModelFiles(deps, {
      modelId: id,
      dimensions: upload.dimensions,
      maxBytes: upload.maxBytes,
      invalidCode: "model-invalid",
    });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    await records.sequelize.transaction(async (transaction) => {
      await refuseFrozen(records, transaction);
      await quota.reserve(upload.userId, bytes, transaction);
      await records.Model3d.create(
        { id, userId: upload.userId, name: upload.name, maxBytes: upload.maxBytes, dimensions, stats },
        { transaction },
      );
      await replaceFileRows(records, id, files, transaction);
    });
  } catch (error) {
    for await (const { key } of storage.list(`models/${id}/`)) await storage.remove(key);
    throw error;
  }
  return readModel(records, id);
}
