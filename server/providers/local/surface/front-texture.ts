import { signedDistance } from "../image/distance-transform.ts";
import { fillOutside } from "../image/fill-outside.ts";
import { createMask, type Mask, type Picture, type PixelRect, planeOf, sample } from "../image/picture.ts";

export interface Texture {
  width: number;
  height: number;
  rgb: Uint8Array;
  /** Pixels that are the object's own; the others continue its colours. */
  pure: Mask;
}

/**
 * Pixels that show nothing but the object. `mixed` is the width in pixels of the outline that mixes with the
 * background; where the object is thinner than that, its middle line stays.
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

/**
 * The photo on the object, and the object's own colours continued around it. `rect` is in pixels of `pure`, whose
 * resolution may be lower than the photo's.
 */
export function frontTexture(photo: Picture, pure: Mask, rect: PixelRect): Texture {
  const scale = photo.width / pure.width;
  const left = Math.round(rect.left * scale);
  const top = Math.round(rect.top * scale);
  const width = Math.min(photo.width, Math.round(rect.right * scale)) - left;
  const height = Math.min(photo.height, Math.round(rect.bottom * scale)) - top;
  const rgb = new Uint8Array(width * height * 3);
  const inside = createMask(width, height);
  const soft = planeOf(pure);
  for (let y = 0; y < height; y++) {
    const from = (y + top) * photo.width + left;
    rgb.set(photo.rgb.subarray(from * 3, (from + width) * 3), y * width * 3);
    for (let x = 0; x < width; x++) {
      const share = sample(soft, (x + left + 0.5) / scale - 0.5, (y + top + 0.5) / scale - 0.5);
      inside.values[y * width + x] = share > 0.5 ? 1 : 0;
    }
  }
  return { width, height, rgb: fillOutside(rgb, inside), pure: inside };
}
