import { labelComponents } from "../image/components.ts";
import { open } from "../image/opening.ts";
import { createMask, type Mask } from "../image/picture.ts";

/** Half the width of a line of the floor, pixels. */
const LINE_PIXELS = 2.2;
/** Shorter ones, pixels, say nothing of where a line runs on behind the object. */
const MIN_LENGTH = 16;
/** Pixels beside the straight line that may still be its own. */
const MARGIN_PIXELS = 2;
/** ΔE up to which a pixel's colour is a mix of the line's own and the floor's, and the share that shows it pure. */
const SAME_COLOUR = 9;
const PURE_SHARE = 0.3;

/** How far a colour lies from the mixes of two others, ΔE. */
function mixDistance(colour: Float32Array, one: number[], other: Float32Array): number {
  const way = one.map((value, c) => other[c] - value);
  const along = one.reduce((sum, value, c) => sum + (colour[c] - value) * way[c], 0);
  const share = Math.max(
    0,
    Math.min(
      1,
      along /
        Math.max(
          1,
          way.reduce((sum, w) => sum + w * w, 0),
        ),
    ),
  );
  return Math.hypot(...one.map((value, c) => colour[c] - value - share * way[c]));
}

/** Takes off, in place, where a floor line runs on between the parts of the object: along it, of its colour. */
function dropContinuation(
  mask: Mask,
  pixels: number[],
  lab: Float32Array,
  painted: Float32Array,
  residual: Float32Array,
): void {
  const { width, values } = mask;
  const mean = (of: (pixel: number) => number) =>
    pixels.reduce((sum, pixel) => sum + of(pixel), 0) / pixels.length;
  const row = (pixel: number) => Math.floor(pixel / width);
  const [cx, cy] = [mean((pixel) => pixel % width), mean(row)];
  const xx = mean((pixel) => ((pixel % width) - cx) ** 2);
  const yy = mean((pixel) => (row(pixel) - cy) ** 2);
  const xy = mean((pixel) => ((pixel % width) - cx) * (row(pixel) - cy));
  if (Math.sqrt(12 * (xx + yy)) < MIN_LENGTH) return;
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const dark = pixels.toSorted((a, b) => lab[a * 3] - lab[b * 3]);
  const pure = dark.slice(0, Math.ceil(PURE_SHARE * dark.length));
  const colour = [0, 1, 2].map((c) => pure.reduce((sum, pixel) => sum + lab[pixel * 3 + c], 0) / pure.length);
  for (let i = 0; i < values.length; i++) {
    if (!values[i]) continue;
    const beside = Math.abs(((i % width) - cx) * dy - (row(i) - cy) * dx);
    if (beside > LINE_PIXELS + MARGIN_PIXELS) continue;
    const [own, floor] = [lab.subarray(i * 3, i * 3 + 3), painted.subarray(i * 3, i * 3 + 3)];
    if (mixDistance(own, colour, floor) < SAME_COLOUR) {
      values[i] = 0;
      residual[i] = 0;
    }
  }
}

/**
 * Takes off, in place, thin lines that run from the object to the picture's border: gaps between planks or tiles, and
 * where they run on between the object's parts. `lab` has three numbers a pixel, as `painted`, the
 * background; `residual`, ΔE from it, becomes zero where a line runs on.
 */
export function dropFloorLines(
  mask: Mask,
  lab: Float32Array,
  painted: Float32Array,
  residual: Float32Array,
): void {
  const opened = open(mask, LINE_PIXELS);
  const thin = createMask(mask.width, mask.height);
  for (let i = 0; i < thin.values.length; i++) thin.values[i] = mask.values[i] && !opened.values[i] ? 1 : 0;
  const { labels, components } = labelComponents(thin);
  for (const { id, touchesBorder } of components) {
    if (!touchesBorder) continue;
    const pixels: number[] = [];
    labels.forEach((label, i) => {
      if (label === id) pixels.push(i);
    });
    for (const pixel of pixels) mask.values[pixel] = 0;
    dropContinuation(mask, pixels, lab, painted, residual);
  }
}
