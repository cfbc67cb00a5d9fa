import type { Document } from "@gltf-transform/core";
import { metalRough } from "@gltf-transform/functions";
import { readGlb, tidy } from "../glb-document.ts";
import { mendVectors } from "../glb-mend.ts";
import { unrollTriangles } from "../world-mesh.ts";

const SPECULAR_GLOSSINESS = "KHR_materials_pbrSpecularGlossiness";

/**
 * A document of an original that was checked: mended, plain triangles, nothing unseen, and of materials that viewers
 * have given up the newer kind. @throws GlbProblem
 */
export async function prepareDocument(source: Uint8Array): Promise<Document> {
  const document = await readGlb(source);
  mendVectors(document);
  unrollTriangles(document);
  const extensions = document.getRoot().listExtensionsUsed();
  if (extensions.some(({ extensionName }) => extensionName === SPECULAR_GLOSSINESS)) {
    await document.transform(metalRough());
  }
  await tidy(document);
  return document;
}
