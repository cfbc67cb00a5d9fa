import { AR_LIMITS } from "../ar-limits.ts";
import { canJoin, joinMeshes } from "../delivery/join-meshes.ts";
import { applyTextures, encodeTextures } from "../glb-textures.ts";
import type { ExportInput } from "./kinds.ts";
import { spellOut, writePlainGlb } from "./plain-glb.ts";
import { simplifyForPhones } from "./simplify-for-phones.ts";

/** The smallest step of textures, pixels. */
const MIN_TEXTURE_SIDE = 512;

/**
 * A GLB for Scene Viewer, which is sure to know nothing beyond glTF's own formats: JPEG textures (PNG where they are
 * see-through), no required extension, triangles and textures within `AR_LIMITS` as far as that does no visible harm.
 * @throws GlbProblem
 */
export async function writeAr(input: ExportInput): Promise<Uint8Array> {
  const { document } = await simplifyForPhones(input);
  await spellOut(document);
  if (canJoin(document)) await joinMeshes(document);
  const textures = document.getRoot().listTextures();
  const originals = textures.map((texture) => texture.getImage()!);
  for (let side: number = AR_LIMITS.textureSide; ; side /= 2) {
    for (const [index, texture] of textures.entries()) texture.setImage(originals[index]);
    applyTextures(document, await encodeTextures(document, "jpeg", side));
    const content = await writePlainGlb(document, input);
    const isLast = textures.length === 0 || side <= MIN_TEXTURE_SIDE;
    if (content.length <= AR_LIMITS.bytes || isLast) return content;
  }
}
