import { blur, boxBlur } from "../image/blur.ts";
import { boundsOf, createPlane, type Mask, planeOf } from "../image/picture.ts";

/** Only the lower part of the mask is searched, and only this share of its height upwards from the outline. */
const SEARCH_FROM = 0.55;
const MAX_SHADOW_SHARE = 0.2;
/** Change of lightness over three pixels that only an edge has. */
const EDGE_STEP = 14;
/** ΔE in a*b*: the deeper the shadow, the more it takes on the colour of the object that casts it. */
const MAX_CHROMA_SHIFT = 4.5;
const CHROMA_SHIFT_PER_DEPTH = 12;

/** A darker shade of the background: less light, the same colour. `features` are L*a*b* less `painted`. */
export function isShade(features: Float32Array, painted: Float32Array, pixel: number): boolean {
  const [lightness, a, b] = painted.subarray(pixel * 3, pixel * 3 + 3);
  const ratio = (lightness + features[pixel * 3]) / lightness;
  if (ratio > 1.02 || ratio < 0.3) return false;
  const shiftA = features[pixel * 3 + 1] + a * (1 - ratio);
  const shiftB = features[pixel * 3 + 2] + b * (1 - ratio);
  return Math.hypot(shiftA, shiftB) < MAX_CHROMA_SHIFT + CHROMA_SHIFT_PER_DEPTH * (1 - ratio);
}

/** Shadows in photos are grainy, and grain looks like edges. */
function withoutGrain(features: Float32Array, width: number, height: number): Float32Array {
  const smooth = new Float32Array(features.length);
  for (let c = 0; c < 3; c++) {
    const channel = createPlane(width, height);
    for (let i = 0; i < channel.values.length; i++) channel.values[i] = features[i * 3 + c];
    blur(channel, 1).values.forEach((value, i) => {
      smooth[i * 3 + c] = value;
    });
  }
  return smooth;
}

/**
 * Takes the contact shadow on a plain background off the mask, in place: column by column from below, as long as
 * the pixels are shades of the background without a hard edge. `raw` features are L*a*b* less the background,
 * `painted` the background; `spared` is left alone.
 */
export function removeContactShadow(
  mask: Mask,
  raw: Float32Array,
  painted: Float32Array,
  spared: Mask | null,
): void {
  const { width, height, values } = mask;
  const features = withoutGrain(raw, width, height);
  const bounds = boundsOf(mask);
  if (bounds === null) return;
  const highest = bounds.top + SEARCH_FROM * (bounds.bottom - bounds.top);
  const limit = Math.round(MAX_SHADOW_SHARE * (bounds.bottom - bounds.top));
  const removed = createPlane(width, height);
  let count = 0;
  for (let x = 1; x < width - 1; x++) {
    let y = bounds.bottom - 1;
    while (y > highest && !values[y * width + x]) y--;
    const column: number[] = [];
    let isBounded = false;
    for (let k = 0; k < limit && y - k > highest; k++) {
      const pixel = (y - k) * width + x;
      if (!values[pixel]) break;
      const below = Math.min(height - 1, y - k + 3) * width + x;
      const step = Math.abs(features[pixel * 3] - features[below * 3]);
      if (spared?.values[pixel] || step > EDGE_STEP || !isShade(features, painted, pixel)) {
        isBounded = true;
        break;
      }
      column.push(pixel);
    }
    // A shadow ends at the object; a column of shades to the very limit is the object itself.
    if (!isBounded && column.length >= limit) continue;
    for (const pixel of column) removed.values[pixel] = 1;
    count += column.length;
  }
  const area = values.reduce((sum, value) => sum + value, 0);
  if (count === 0 || count > 0.2 * area) return;
  for (let i = 0; i < values.length; i++) if (removed.values[i]) values[i] = 0;
  const smooth = blur(planeOf(mask), 2);
  const near = boxBlur(removed, 3);
  for (let i = 0; i < values.length; i++) {
    if (near.values[i] > 0) values[i] = smooth.values[i] > 0.5 ? 1 : 0;
  }
}
