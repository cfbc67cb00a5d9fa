import { type EncodedTexture, encodeTextures } from "../glb-textures.ts";
import {
  type Attempt,
  type DeliverySource,
  geometryBytes,
  packed,
  placedDocument,
  textureBytes,
} from "./attempt.ts";

/** Sides that textures step down to before any triangle goes, pixels. */
const FIRST_SIDES = [1024, 512];
/** With fewer triangles larger textures may fit again. */
const SIDES_WITH_FEWER_TRIANGLES = [1024, 512, 256];
/** Asks for a little less than the share that fits, as bytes don't follow triangles exactly. */
const MARGIN = 0.95;
const MAX_TRIES = 3;
/** Of a heavy model a file that is a little too large is better than none: the whole work has a time limit. */
const SECONDS_FOR_MORE = 20;

/**
 * Makes a packed file smaller until it fits: first smaller textures, then fewer triangles within `ERROR_BOUND`, with
 * the largest textures that then fit.
 * @param secondsForMore after this time no further attempt begins
 * @returns the first that fits, else the smallest
 */
export async function fitBudget(
  whole: Attempt,
  from: DeliverySource,
  maxBytes: number,
  secondsForMore = SECONDS_FOR_MORE,
): Promise<Attempt> {
  const end = performance.now() + secondsForMore * 1000;
  const isLate = () => performance.now() >= end;
  const steps = new Map<number, EncodedTexture[]>();
  const texturesOf = async (side: number) => {
    const known = steps.get(side);
    if (known) return known;
    const encoded = await encodeTextures(await placedDocument(from), "webp", side);
    steps.set(side, encoded);
    return encoded;
  };
  const pack = async (textures: EncodedTexture[], ratio = 1) =>
    packed(await placedDocument(from), from, textures, ratio);
  const fits = ({ content }: Attempt) => content.length <= maxBytes;

  for (const side of whole.textures.length > 0 ? FIRST_SIDES : []) {
    if (isLate()) return whole;
    const textures = await texturesOf(side);
    if (geometryBytes(whole) + textureBytes(textures) > maxBytes) continue;
    const attempt = await pack(textures);
    if (fits(attempt)) return attempt;
  }

  if (isLate()) return whole;
  const smallestTextures = await texturesOf(SIDES_WITH_FEWER_TRIANGLES.at(-1)!);
  const fewest = await pack(smallestTextures, 0);
  if (!fits(fewest)) return fewest;
  for (const side of SIDES_WITH_FEWER_TRIANGLES) {
    const textures = await texturesOf(side);
    const left = maxBytes - textureBytes(textures);
    if (geometryBytes(fewest) > left) continue;
    for (let tries = 0, ratio = (left / geometryBytes(whole)) * MARGIN; tries < MAX_TRIES; tries++) {
      if (isLate()) return fewest;
      const attempt = await pack(textures, Math.min(ratio, 1));
      if (fits(attempt)) return attempt;
      ratio *= (left / geometryBytes(attempt)) * MARGIN;
    }
  }
  return fewest;
}
