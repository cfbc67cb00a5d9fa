import { blur, boxBlur } from "../image/blur.ts";
import { signedDistance } from "../image/distance-transform.ts";
import {
  boundsOf,
  createMask,
  createPlane,
  luminanceOf,
  type Mask,
  type Picture,
  type PixelRect,
  type Plane,
  sample,
} from "../image/picture.ts";

/** Empty cells kept around the object. */
const PADDING = 4;
/** Points per pixel each way on which the outline is measured. */
const FINE = 2;

/**
 * The cut-out on the grid that the solid is built on. One cell is `step` photo pixels; cell (x, y) lies at photo
 * pixel `origin + step · (x, y)`.
 */
export interface Silhouette {
  width: number;
  height: number;
  step: number;
  originX: number;
  originY: number;
  /** Distance to the outline in cells, positive inside. */
  distance: Plane;
  inside: Mask;
  luminance: Plane;
  /** The object's extent in cells. */
  bounds: PixelRect;
}

/** Signed distance to where `alpha` is one half, in fractions of a pixel: on a grid `FINE` times as dense. */
function fineDistance(alpha: Plane, step: number): Plane {
  const outline = createMask(alpha.width * FINE, alpha.height * FINE);
  const soft = step > 2.5 ? boxBlur(alpha, 1) : alpha;
  const rise = createPlane(outline.width, outline.height);
  for (let y = 0; y < outline.height; y++) {
    for (let x = 0; x < outline.width; x++) {
      rise.values[y * outline.width + x] = sample(soft, (x + 0.5) / FINE - 0.5, (y + 0.5) / FINE - 0.5);
    }
  }
  for (let i = 0; i < outline.values.length; i++) outline.values[i] = rise.values[i] > 0.5 ? 1 : 0;
  return boxBlur(signedDistance(outline), Math.max(1, Math.round(0.5 * step)));
}

/** Samples the mask so that its longer side takes `cells` cells. Null for an empty mask. */
export function silhouetteOf(picture: Picture, mask: Mask, alpha: Plane, cells: number): Silhouette | null {
  const rect = boundsOf(mask);
  if (rect === null) return null;
  const step = Math.max(rect.right - rect.left, rect.bottom - rect.top) / cells;
  const width = Math.ceil((rect.right - rect.left) / step) + 2 * PADDING;
  const height = Math.ceil((rect.bottom - rect.top) / step) + 2 * PADDING;
  const originX = rect.left - 0.5 - (PADDING - 0.5) * step;
  const originY = rect.top - 0.5 - (PADDING - 0.5) * step;

  const exact = fineDistance(alpha, step);
  const light = blur(luminanceOf(picture), Math.max(1, 0.4 * step));

  const distance = createPlane(width, height);
  const luminance = createPlane(width, height);
  const inside = createMask(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const [px, py] = [originX + x * step, originY + y * step];
      // Beyond the photo's own border is outside, also for an object that the border cuts off.
      const beyond = Math.max(-0.5 - px, px - (mask.width - 0.5), -0.5 - py, py - (mask.height - 0.5));
      distance.values[i] =
        Math.min(sample(exact, FINE * px + (FINE - 1) / 2, FINE * py + (FINE - 1) / 2) / FINE, -beyond) /
        step;
      luminance.values[i] = sample(light, px, py);
      inside.values[i] = distance.values[i] > 0 ? 1 : 0;
    }
  }
  const bounds = boundsOf(inside);
  return bounds && { width, height, step, originX, originY, distance, inside, luminance, bounds };
}
