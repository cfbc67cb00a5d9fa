import type { Document } from "@gltf-transform/core";
import { type EncodedTexture, encodeTextures } from "../glb-textures.ts";
import { type Attempt, type DeliverySource, packed, placed, placedDocument, plain } from "./attempt.ts";
import { fitBudget } from "./fit-budget.ts";

/** Longest side of a texture in a delivery, pixels. */
export const MAX_TEXTURE_SIDE = 2048;

/**
 * The smallest good file of a model: packed; where that is larger than the original, with plain geometry, or else the
 * original itself at its new size. (Only what viewers can't show as it is may get larger, such as Draco.) With a budget textures get smaller and then triangles fewer; what still is too large
 * comes back as small as it got.
 * @param document the placed document of the source, which is used up
 * @param textures its pictures as WebP of at most `MAX_TEXTURE_SIDE`
 * @param maxBytes null where there is no budget
 */
export async function deliver(
  document: Document,
  textures: EncodedTexture[],
  from: DeliverySource,
  maxBytes: number | null,
): Promise<Attempt> {
  const best = await packed(document, from, textures);
  const smallest = best.content.length <= from.source.length ? best : await stepBack(best, from);
  if (maxBytes === null || smallest.content.length <= maxBytes) return smallest;
  const fitted = await fitBudget(best, from, maxBytes);
  return fitted.content.length < smallest.content.length ? fitted : smallest;
}

/** The first way that is no larger than the original, else the smallest of all. */
async function stepBack(best: Attempt, from: DeliverySource): Promise<Attempt> {
  const unpacked = await plain(await placedDocument(from), best.textures);
  if (unpacked.content.length <= from.source.length) return unpacked;
  const found = [best, unpacked];
  if (from.isShowable) {
    const document = await placedDocument(from);
    found.push(placed(document, from, await encodeTextures(document, "original", MAX_TEXTURE_SIDE)));
  }
  return found.reduce((least, other) => (other.content.length < least.content.length ? other : least));
}
