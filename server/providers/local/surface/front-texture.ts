import { signedDistance } from "../image/distance-transform.ts";
import { fillOutside } from "../image/fill-outside.ts";
import { createMask, type Mask, type Picture, type PixelRect } from "../image/picture.ts";

export interface Texture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** A picture's crop with the cut-out's crop beside it. */
export interface TextureSource {
  rgb: Uint8Array;
  mask: Mask;
}

/** Cuts `rect` out of the picture and its mask. */
export function cropSource(picture: Picture, mask: Mask, rect: PixelRect): TextureSource {
  const width = rect.right - rect.left;
  const height = rect.bottom - rect.top;
  const rgb = new Uint8Array(width * height * 3);
  const crop = createMask(width, height);
  for (let y = 0; y < height; y++) {
    const from = (y + rect.top) * picture.width + rect.left;
    rgb.set(picture.rgb.subarray(from * 3, (from + width) * 3), y * width * 3);
    crop.values.set(mask.values.subarray(from, from + width), y * width);
  }
  return { rgb, mask: crop };
}

/**
 * Pixels that show nothing but the object. `mixed` is the width in pixels of the outline that mixes with the background;
 * where the object is thinner than that, its middle line stays.
 */
export function pureInside(mask: Mask, mixed: number): Mask {
  const { width, height } = mask;
  const distance = signedDistance(mask).values;
  const pure = createMask(width, height);
  const reach = Math.ceil(mixed);
  const isRidge = (x: number, y: number) => {
    const own = distance[y * width + x];
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const [nx, ny] = [x + dx, y + dy];
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
        if (distance[ny * width + nx] > own + 0.01) return false;
      }
    }
    return true;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const d = distance[y * width + x];
      if (d > mixed || (d > 0 && isRidge(x, y))) pure.values[y * width + x] = 1;
    }
  }
  return pure;
}

/** The photo on the object and the object's own colours continued around it. */
export function frontTexture(source: TextureSource, pure: Mask): Texture {
  const { width, height } = source.mask;
  return { width, height, rgb: fillOutside(source.rgb, pure) };
}
