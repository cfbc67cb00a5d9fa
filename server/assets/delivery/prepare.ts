import type { Document } from "@gltf-transform/core";
import { readGlb, tidy } from "../glb-document.ts";
import { mendVectors } from "../glb-mend.ts";
import { unrollTriangles } from "../world-mesh.ts";

/** A document of an original that was checked: mended, plain triangles, nothing unseen. @throws GlbProblem */
export async function prepareDocument(source: Uint8Array): Promise<Document> {
  const document = await readGlb(source);
  mendVectors(document);
  unrollTriangles(document);
  await tidy(document);
  return document;
}
