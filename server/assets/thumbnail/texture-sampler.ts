import type { Texture, TextureInfo } from "@gltf-transform/core";
import { openTexture } from "../glb-textures.ts";

const MAX_SIDE_PIXELS = 1024;
const REPEAT = 10497;
const MIRRORED_REPEAT = 33648;

/** sRGB byte to linear light (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** Writes linear red, green, blue and alpha at a texture coordinate. */
export type Sampler = (u: number, v: number, out: Float32Array) => void;

function wrap(value: number, size: number, mode: number): number {
  if (mode === REPEAT) return ((value % size) + size) % size;
  if (mode !== MIRRORED_REPEAT) return Math.min(Math.max(value, 0), size - 1);
  const turn = ((value % (2 * size)) + 2 * size) % (2 * size);
  return turn < size ? turn : 2 * size - 1 - turn;
}

/** Opens a colour texture for bilinear reading. */
export async function createSampler(texture: Texture, info: TextureInfo): Promise<Sampler> {
  const { data, info: size } = await openTexture(texture.getImage()!)
    .resize(MAX_SIDE_PIXELS, MAX_SIDE_PIXELS, { fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = size;
  const [wrapS, wrapT] = [info.getWrapS(), info.getWrapT()];

  return (u, v, out) => {
    const x = u * width - 0.5;
    const y = v * height - 0.5;
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [shareX, shareY] = [x - column, y - row];
    out.fill(0, 0, 4);
    for (let corner = 0; corner < 4; corner++) {
      const [dx, dy] = [corner & 1, corner >> 1];
      const share = (dx ? shareX : 1 - shareX) * (dy ? shareY : 1 - shareY);
      const at = (wrap(row + dy, height, wrapT) * width + wrap(column + dx, width, wrapS)) * 4;
      for (let channel = 0; channel < 3; channel++) out[channel] += LINEAR[data[at + channel]] * share;
      out[3] += (data[at + 3] / 255) * share;
    }
  };
}
