import path from "node:path";
import type { Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { Dimensions, DimensionsInput } from "../contract/common.ts";
import type { GenerationStage } from "../contract/generation.ts";
import type { FileKind, ModelStats } from "../contract/model.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";

interface ProducedFile {
  path: string;
  bytes: number;
  sha256: string;
}

/** Checks a GLB and makes the delivery GLB and the thumbnail of it (server/assets). */
export interface ModelProcessor {
  process(input: {
    sourcePath: string;
    targetFolder: string;
    dimensions: DimensionsInput | null;
    errorCode: "result-invalid" | "model-invalid";
    onStage?: (stage: GenerationStage) => void;
  }): Promise<{
    source: { bytes: number; sha256: string };
    delivery: ProducedFile;
    thumbnail: ProducedFile;
    dimensions: Dimensions;
    stats: ModelStats;
  }>;
}

export interface StoredFile {
  kind: FileKind;
  key: string;
  bytes: number;
  sha256: string;
  mediaType: string;
}

export const originalKey = (modelId: string) => `models/${modelId}/original.glb`;

/**
 * Makes and stores the files of a model from its original, which is in the store already. Keys carry the hash of
 * their content, so that a repeated call writes the same files and an older state stays readable until its rows go.
 */
export async function makeModelFiles(
  deps: { storage: Storage; processor: ModelProcessor },
  input: {
    modelId: string;
    dimensions: DimensionsInput | null;
    errorCode: "result-invalid" | "model-invalid";
    onStage?: (stage: GenerationStage) => void;
  },
): Promise<{ files: StoredFile[]; dimensions: Dimensions; stats: ModelStats }> {
  const { storage, processor } = deps;
  const workspace = await storage.workspace();
  const source = await storage.materialize(originalKey(input.modelId));
  try {
    const made = await processor.process({ ...input, sourcePath: source.path, targetFolder: workspace.path });
    const keep = async (kind: FileKind, mediaType: string, file: ProducedFile): Promise<StoredFile> => {
      const { sha256, bytes } = file;
      const key = `models/${input.modelId}/${kind}-${sha256.slice(0, 16)}${path.extname(file.path)}`;
      await storage.publish(key, file.path);
      return { kind, key, bytes, sha256, mediaType };
    };
    const original: StoredFile = {
      kind: "original",
      key: originalKey(input.modelId),
      mediaType: "model/gltf-binary",
      ...made.source,
    };
    const glb = await keep("glb", "model/gltf-binary", made.delivery);
    const thumbnail = await keep("thumbnail", "image/webp", made.thumbnail);
    return { files: [glb, original, thumbnail], dimensions: made.dimensions, stats: made.stats };
  } finally {
    await source.release();
    await workspace.dispose();
  }
}

/** Puts the file rows of a model in the place of those that it had; answers the keys that nothing names any more. */
export async function replaceFileRows(
  records: Records,
  modelId: string,
  files: StoredFile[],
  transaction: Transaction,
): Promise<string[]> {
  const before = await records.ModelFile.findAll({ where: { modelId }, transaction });
  await records.ModelFile.destroy({ where: { modelId }, transaction });
  await records.ModelFile.bulkCreate(
    files.map((file) => ({ id: newId(), modelId, ...file })),
    { transaction },
  );
  const kept = new Set(files.map(({ key }) => key));
  return before.map(({ key }) => key).filter((key) => !kept.has(key));
}
