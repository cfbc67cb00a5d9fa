import { v7 as newId } from "uuid";
import type { ModelProcessor } from "../assets/glb.ts";
import type { DimensionsInput } from "../contract/common.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { readModel } from "./models.ts";
import { makeModelFiles, originalKey, replaceFileRows } from "./publish-model.ts";

/** Keeps a GLB that was made elsewhere. Throws `not-a-glb` or `model-invalid`; then nothing of it stays. */
export async function importModel(
  deps: { records: Records; storage: Storage; processor: ModelProcessor },
  upload: {
    userId: string;
    path: string;
    name: string;
    dimensions: DimensionsInput | null;
    maxBytes: number | null;
  },
): Promise<Model3d> {
  const { records, storage } = deps;
  const id = newId();
  await storage.publish(originalKey(id), upload.path);
  try {
    const { files, dimensions, stats } = await makeModelFiles(deps, {
      modelId: id,
      dimensions: upload.dimensions,
      maxBytes: upload.maxBytes,
      invalidCode: "model-invalid",
    });
    await records.sequelize.transaction(async (transaction) => {
      await records.Model3d.create(
        { id, userId: upload.userId, name: upload.name, maxBytes: upload.maxBytes, dimensions, stats },
        { transaction },
      );
      await replaceFileRows(records, id, files, transaction);
    });
  } catch (error) {
    await storage.remove(originalKey(id));
    throw error;
  }
  return readModel(records, id);
}
