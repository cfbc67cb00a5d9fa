import { type Document, TextureInfo } from "@gltf-transform/core";
import type { Transform } from "@gltf-transform/extensions";
import { metalRough } from "@gltf-transform/functions";
import { readGlb, tidy } from "../glb-document.ts";
import { mendVectors } from "../glb-mend.ts";
import { unrollTriangles } from "../world-mesh.ts";
import { separateAttributes } from "./separate-attributes.ts";

/** What reading translates, as the page's viewer does not know it. */
const TRANSLATED = [
  "KHR_draco_mesh_compression",
  "KHR_meshopt_compression",
  "KHR_materials_pbrSpecularGlossiness",
];

/** Whether the page's viewer knows everything that a file uses. */
export const isKnownToViewers = ({ extensionsUsed }: Record<string, unknown>): boolean =>
  !Array.isArray(extensionsUsed) || !extensionsUsed.some((name) => TRANSLATED.includes(name));

/**
 * Lets each texture itself say which coordinates it reads. Where only `KHR_texture_transform` says so, tidying would
 * take them for unused and away.
 */
function settleTexCoords(document: Document): void {
  for (const edge of document.getGraph().listEdges()) {
    const info = edge.getChild();
    if (!(info instanceof TextureInfo)) continue;
    const transform = info.getExtension<Transform>("KHR_texture_transform");
    const set = transform?.getTexCoord();
    if (set === null || set === undefined) continue;
    info.setTexCoord(set);
    transform?.setTexCoord(null);
  }
}

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
  settleTexCoords(document);
  await tidy(document);
  separateAttributes(document);
  return document;
}
