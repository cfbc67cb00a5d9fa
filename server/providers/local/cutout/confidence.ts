import { labelComponents } from "../image/components.ts";
import type { Mask } from "../image/picture.ts";
import type { ColourModels } from "./grab-cut.ts";

/** ΔE above which more contrast does not count. */
const MAX_CONTRAST = 40;
const MAX_COST = 30;
/** Of the picture; beyond these a cut-out is hardly the object. */
const MIN_SHARE = 0.004;
const MAX_SHARE = 0.85;
const STEPS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** Mean ΔE between the two sides of the outline, a little way off it. */
function outlineContrast(mask: Mask, features: Float32Array): number {
  const { width, height, values } = mask;
  const reach = Math.max(3, Math.round(width * 0.012));
  let sum = 0;
  let count = 0;
  for (let y = reach; y < height - reach; y++) {
    for (let x = reach; x < width - reach; x++) {
      if (!values[y * width + x]) continue;
      for (const [dx, dy] of STEPS) {
        if (values[(y + dy) * width + x + dx]) continue;
        const inner = (y - dy * reach) * width + x - dx * reach;
        const outer = (y + dy * reach) * width + x + dx * reach;
        if (!values[inner] || values[outer]) continue;
        const difference = Math.hypot(
          features[inner * 3] - features[outer * 3],
          features[inner * 3 + 1] - features[outer * 3 + 1],
          features[inner * 3 + 2] - features[outer * 3 + 2],
        );
        sum += Math.min(MAX_CONTRAST, difference);
        count++;
      }
    }
  }
  return count ? sum / count : 0;
}

/** Share of pixels whose own side's colour model explains them better. */
function separation(mask: Mask, features: Float32Array, models: ColourModels): number {
  let right = 0;
  let count = 0;
  for (let i = 0; i < mask.values.length; i += 7) {
    const [a, b, c] = [features[i * 3], features[i * 3 + 1], features[i * 3 + 2]];
    const object = Math.min(MAX_COST, models.object.cost(a, b, c));
    const background = Math.min(MAX_COST, models.background.cost(a, b, c));
    if (mask.values[i] ? background > object : object > background) right++;
    count++;
  }
  return right / count;
}

/** 4π·area / perimeter²: one for a disc, near zero for a scribble. */
function compactness(mask: Mask, area: number): number {
  const { width, height, values } = mask;
  let edges = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!values[y * width + x]) continue;
      for (const [dx, dy] of STEPS) {
        const [nx, ny] = [x + dx, y + dy];
        if (nx < 0 || ny < 0 || nx >= width || ny >= height || !values[ny * width + nx]) edges++;
      }
    }
  }
  const perimeter = edges * 0.785;
  return (4 * Math.PI * area) / (perimeter * perimeter || 1);
}

/**
 * How far the cut-out can be trusted, 0 to 1: contrast along the outline, separation of the colours and number of
 * pieces, multiplied; on a busy background compactness and size count too, since scraps of it pass for objects.
 */
export function confidenceOf(
  mask: Mask,
  features: Float32Array,
  models: ColourModels | null,
  plain: boolean,
): number {
  if (models === null) return 0;
  const area = mask.values.reduce((sum, value) => sum + value, 0);
  const share = area / mask.values.length;
  if (share < MIN_SHARE || share > MAX_SHARE) return 0;
  const pieces = labelComponents(mask).components.length;
  const score =
    (Math.min(1, outlineContrast(mask, features) / 25) *
      Math.max(0, (separation(mask, features, models) - 0.6) / 0.4)) /
    Math.sqrt(Math.max(1, pieces));
  if (plain) return score;
  return score * Math.min(1, 0.4 + compactness(mask, area)) * Math.min(1, 0.5 + 2 * share);
}
