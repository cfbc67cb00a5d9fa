import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import type { ModelStage, ModelTask, ProcessedModel, WrittenFile } from "./glb.ts";
import { readGlbJson } from "./glb-container.ts";
import { readGlb, tidy, writeGlb } from "./glb-document.ts";
import { assertGlbLimits, MAX_GLB_BYTES } from "./glb-limits.ts";
import { mendVectors } from "./glb-mend.ts";
import { GlbProblem } from "./glb-problem.ts";
import { compactTextures } from "./glb-textures.ts";
import { validateGlb } from "./glb-validate.ts";
import { renderThumbnail } from "./thumbnail/thumbnail.ts";
import { bakePlacement, dimensionsOf, placeBox, placementFor } from "./true-size.ts";
import { isWatertight } from "./watertight.ts";
import { serve, type Task } from "./worker-pool.ts";
import { boundingBox, placeParts, readWorldParts, unrollTriangles } from "./world-mesh.ts";

async function readSource(path: string): Promise<Buffer> {
  if ((await stat(path)).size > MAX_GLB_BYTES) {
    throw new GlbProblem({ en: "The file is larger than 200 MB.", ru: "Файл больше 200 МБ." });
  }
  return readFile(path);
}

async function write(path: string, content: Uint8Array): Promise<WrittenFile> {
  await writeFile(path, content);
  return { path, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

async function processModel(task: ModelTask, tell: (stage: ModelStage) => void): Promise<ProcessedModel> {
  tell("checking");
  const source = await readSource(task.sourcePath);
  assertGlbLimits(readGlbJson(source));
  const warnings = await validateGlb(source);
  const document = await readGlb(source);

  tell("optimizing");
  mendVectors(document);
  unrollTriangles(document);
  await tidy(document);
  const parts = readWorldParts(document);
  const ownBox = boundingBox(parts);
  const placement = placementFor(ownBox, task.dimensions);
  const box = placeBox(ownBox, placement);
  bakePlacement(document, placement);
  placeParts(parts, placement);
  tell("thumbnail");
  // Textures are packed on libvips' threads meanwhile.
  const [textures, picture] = await Promise.all([compactTextures(document), renderThumbnail(parts, box)]);
  return {
    delivery: await write(join(task.targetFolder, "model.glb"), await writeGlb(document)),
    thumbnail: await write(join(task.targetFolder, "thumbnail.webp"), picture),
    dimensions: dimensionsOf(box, task.dimensions),
    stats: {
      triangles: parts.reduce((sum, { indices }) => sum + indices.length / 3, 0),
      vertices: parts.reduce((sum, { positions }) => sum + positions.length / 3, 0),
      materials: document.getRoot().listMaterials().length,
      textures,
      boundingBoxMetres: box,
      watertight: isWatertight(parts, box),
    },
    warnings,
  };
}

export default (task: Task<ModelTask>) =>
  serve(task, async (input, tell: (stage: ModelStage) => void) => {
    try {
      return await processModel(input, tell);
    } catch (error) {
      if (!(error instanceof GlbProblem)) throw error;
      const isOther = error.kind === "not-a-glb" && input.invalidCode === "model-invalid";
      throw new AppError(isOther ? "not-a-glb" : input.invalidCode, { detail: error.detail, cause: error });
    }
  });
