import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@gltf-transform/core";
import { AppError } from "../errors.ts";
import { deliver, MAX_TEXTURE_SIDE } from "./delivery/deliver.ts";
import { isKnownToViewers, prepareDocument } from "./delivery/prepare.ts";
import { makePreview } from "./delivery/preview.ts";
import { recordOf } from "./delivery/record.ts";
import type { ModelStage, ModelTask, ProcessedModel, WrittenFile } from "./glb.ts";
import { readGlbJson } from "./glb-container.ts";
import { readGlb } from "./glb-document.ts";
import { assertGlbLimits, MAX_GLB_BYTES } from "./glb-limits.ts";
import { GlbProblem } from "./glb-problem.ts";
import { describeTextures, encodeTextures } from "./glb-textures.ts";
import { validateGlb } from "./glb-validate.ts";
import { featuresOf } from "./model-features.ts";
import { surveySurface } from "./surface/survey.ts";
import { weldSurface } from "./surface/weld.ts";
import { takeReference } from "./thumbnail/compare.ts";
import { renderThumbnail } from "./thumbnail/thumbnail.ts";
import { bakePlacement, dimensionsOf, placeBox, placementFor } from "./true-size.ts";
import { serve, type Task } from "./worker-pool.ts";
import { boundingBox, placeParts, readWorldParts, unrollTriangles, type WorldPart } from "./world-mesh.ts";

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

/** The parts of a document, as a viewer shows them. */
function partsOf(document: Document): WorldPart[] {
  unrollTriangles(document);
  return readWorldParts(document);
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

async function processModel(task: ModelTask, tell: (stage: ModelStage) => void): Promise<ProcessedModel> {
  tell("checking");
  const source = await readSource(task.sourcePath);
  const json = readGlbJson(source);
  assertGlbLimits(json);
  const { warnings, isMended } = await validateGlb(source);
  const document = await prepareDocument(source);

  tell("optimizing");
  const parts = readWorldParts(document);
  const ownBox = boundingBox(parts);
  const placement = placementFor(ownBox, task.dimensions);
  const box = placeBox(ownBox, placement);
  bakePlacement(document, placement);
  placeParts(parts, placement);
  const { watertight, ...surface } = surveySurface(weldSurface(parts, box));
  const features = featuresOf(document);
  const materials = document.getRoot().listMaterials().length;
  tell("thumbnail");
  // Textures are packed on libvips' threads meanwhile.
  const [textures, picture, reference] = await Promise.all([
    encodeTextures(document, "webp", MAX_TEXTURE_SIDE),
    renderThumbnail(parts, box),
    takeReference(parts, box),
  ]);
  // From here on the parts have their arrays only: delivering uses the document up.
  const isShowable = !isMended && isKnownToViewers(json);
  const from = { source, isShowable, placement, box };
  const delivered = await deliver(document, textures, from, task.maxBytes);
  const shown = await readGlb(delivered.content);
  const preview = await makePreview(delivered.content, shown);
  const quality = await reference.compare(partsOf(shown));
  const triangles = sum(parts.map(({ indices }) => indices.length / 3));
  return {
    delivery: await write(join(task.targetFolder, "model.glb"), delivered.content),
    preview: preview && (await write(join(task.targetFolder, "preview.glb"), preview)),
    thumbnail: await write(join(task.targetFolder, "thumbnail.webp"), picture),
    dimensions: dimensionsOf(box, task.dimensions),
    stats: {
      triangles,
      vertices: sum(parts.map(({ positions }) => positions.length / 3)),
      materials,
      textures: describeTextures(delivered.textures),
      boundingBoxMetres: box,
      watertight,
      surface,
      features,
      delivery: recordOf(delivered, source.length, triangles, task.maxBytes),
      quality,
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
