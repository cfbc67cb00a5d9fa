import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { ModelProcessor, ModelStage, ProcessedModel, WrittenFile } from "../assets/glb.ts";
import type { DimensionsInput } from "../contract/common.ts";
import type { ExportKind, FileKind } from "../contract/model.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";

export interface StoredFile {
  kind: FileKind | ExportKind;
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
    /** Bytes that the delivery should stay under; null or nothing is the server's own bound. */
    maxBytes?: number | null;
    invalidCode: "result-invalid" | "model-invalid";
    onStage?: (stage: ModelStage) => void;
    signal?: AbortSignal;
  },
): Promise<{ files: StoredFile[] } & Pick<ProcessedModel, "dimensions" | "stats">> {
  const { storage, processor } = deps;
  const source = await storage.materialize(originalKey(input.modelId));
  const workspace = await storage.workspace();
  try {
    const { modelId, dimensions, maxBytes = null, invalidCode, onStage, signal } = input;
    const made = await processor.process(
      { sourcePath: source.path, targetFolder: workspace.path, dimensions, maxBytes, invalidCode },
      { signal, onStage },
    );
    const keep = async (kind: FileKind, mediaType: string, file: WrittenFile): Promise<StoredFile> => {
      const { sha256, bytes } = file;
      const key = `models/${modelId}/${kind}-${sha256.slice(0, 16)}${path.extname(file.path)}`;
      await storage.publish(key, file.path);
      return { kind, key, bytes, sha256, mediaType };
    };
    const original: StoredFile = {
      kind: "original",
      key: originalKey(modelId),
      mediaType: "model/gltf-binary",
      ...(await measure(source.path)),
    };
    const glb = await keep("glb", "model/gltf-binary", made.delivery);
    const preview = made.preview ? [await keep("preview", "model/gltf-binary", made.preview)] : [];
    const thumbnail = await keep("thumbnail", "image/webp", made.thumbnail);
    return { files: [glb, ...preview, original, thumbnail], dimensions: made.dimensions, stats: made.stats };
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

/** Size in bytes and SHA-256 of a file, read in pieces. */
async function measure(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return { bytes: (await stat(file)).size, sha256: hash.digest("hex") };
}
