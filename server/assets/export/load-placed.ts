import { readFile } from "node:fs/promises";
import type { Document } from "@gltf-transform/core";
import type { DimensionsInput } from "../../contract/common.ts";
import { prepareDocument } from "../delivery/prepare.ts";
import { readGlbJson } from "../glb-container.ts";
import { assertGlbLimits } from "../glb-limits.ts";
import { type Box, bakePlacement, placeBox, placementFor } from "../true-size.ts";
import { boundingBox, placeParts, readWorldParts, type WorldPart } from "../world-mesh.ts";

/** A model at its true size in metres, Y up, standing on y = 0 with its middle at x = z = 0. */
export interface PlacedModel {
  /** With all textures as they came; a root node carries the placement. */
  document: Document;
  /** The triangles of the document as they stand in the scene, skins at rest. */
  parts: WorldPart[];
  box: Box;
}

/** Reads an original that was checked before, maybe where there was more memory, and gives it its true size. @throws GlbProblem */
export async function loadPlaced(
  sourcePath: string,
  dimensions: DimensionsInput | null,
): Promise<PlacedModel> {
  const source = await readFile(sourcePath);
  assertGlbLimits(readGlbJson(source));
  const document = await prepareDocument(source);
  const parts = readWorldParts(document);
  const ownBox = boundingBox(parts);
  const placement = placementFor(ownBox, dimensions);
  bakePlacement(document, placement);
  placeParts(parts, placement);
  return { document, parts, box: placeBox(ownBox, placement) };
}
