import type { Texture, TextureInfo } from "@gltf-transform/core";
import { openTexture, unreadable } from "../glb-textures.ts";

const REPEAT = 10497;
const MIRRORED_REPEAT = 33648;

/** sRGB byte to linear light (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** A byte as a share of the whole. */
const SHARE = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Writes linear red, green, blue and alpha at a texture coordinate. */
export type Sampler = (u: number, v: number, out: Float32Array) => void;

function wrap(value: number, size: number, mode: number): number {
  if (mode === REPEAT) return ((value % size) + size) % size;
  if (mode !== MIRRORED_REPEAT) return Math.min(Math.max(value, 0), size - 1);
  const turn = ((value % (2 * size)) + 2 * size) % (2 * size);
  return turn < size ? turn : 2 * size - 1 - turn;
}

/** Opens a colour texture, reduced to at most `maxSide` pixels, for bilinear reading. @throws GlbProblem */
export async function createSampler(texture: Texture, info: TextureInfo, maxSide: number): Promise<Sampler> {
  const { data, info: size } = await openTexture(texture.getImage()!)
    .resize(maxSide, maxSide, { fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause) => {
      throw unreadable(texture, cause);
    });
  const { width, height } = size;
  const [wrapS, wrapT] = [info.getWrapS(), info.getWrapT()];

  return (u, v, out) => {
    const x = u * width - 0.5;
    const y = v * height - 0.5;
    const column = Math.floor(x);
    const row = Math.floor(y);
    const shareX = x - column;
    const shareY = y - row;
    const left = wrap(column, width, wrapS) * 4;
    const right = wrap(column + 1, width, wrapS) * 4;
    const upper = wrap(row, height, wrapT) * width * 4;
    const lower = wrap(row + 1, height, wrapT) * width * 4;
    const upperLeft = (1 - shareX) * (1 - shareY);
    const upperRight = shareX * (1 - shareY);
    const lowerLeft = (1 - shareX) * shareY;
    const lowerRight = shareX * shareY;
    for (let channel = 0; channel < 4; channel++) {
      const values = channel < 3 ? LINEAR : SHARE;
      out[channel] =
        values[data[upper + left + channel]] * upperLeft +
        values[data[upper + right + channel]] * upperRight +
        values[data[lower + left + channel]] * lowerLeft +
        values[data[lower + right + channel]] * lowerRight;
    }
  };
}
