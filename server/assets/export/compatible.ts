import { applyTextures, encodeTextures } from "../glb-textures.ts";
import type { ExportInput } from "./kinds.ts";
import { spellOut, writePlainGlb } from "./plain-glb.ts";

/**
 * A GLB for tools that refuse WebP and compression: every vertex and pixel of the original, textures as PNG or JPEG, no
 * required extension. @throws GlbProblem
 */
export async function writeCompatible(input: ExportInput): Promise<Uint8Array> {
  const { document } = input;
  await spellOut(document);
  applyTextures(document, await encodeTextures(document, "lossless", Infinity));
  return writePlainGlb(document, input);
}
