import { weightedBlur } from "../image/blur.ts";
import { signedDistance } from "../image/distance-transform.ts";
import { createPlane, type Mask, type Picture, type Plane, planeOf } from "../image/picture.ts";

/** Pixels this near to the outline may mix the object with its background. */
const BAND_PIXELS = 2.5;
/** Pixels this far off it are pure. */
const PURE_PIXELS = 1.5;
/** Over how many pixels the pure colours of both sides are averaged. */
const REACH_PIXELS = 3;
/** Difference of the two sides, of 255, below which the mix can't be told. */
const MIN_DIFFERENCE = 14;

/**
 * How much of each pixel the object covers, 0 to 1: next to the outline by where the pixel's colour lies between the
 * colours of both sides, elsewhere as the mask says.
 */
export function alphaMatte(picture: Picture, mask: Mask): Plane {
  const { width, height } = mask;
  const distance = signedDistance(mask).values;
  const inner = createPlane(width, height);
  const outer = createPlane(width, height);
  for (let i = 0; i < distance.length; i++) {
    inner.values[i] = distance[i] > PURE_PIXELS ? 1 : 0;
    outer.values[i] = distance[i] < -PURE_PIXELS ? 1 : 0;
  }
  const top = new Float32Array(distance.length);
  const bottom = new Float32Array(distance.length);
  for (let c = 0; c < 3; c++) {
    const channel = createPlane(width, height);
    for (let i = 0; i < distance.length; i++) channel.values[i] = picture.rgb[i * 3 + c];
    const object = weightedBlur(channel, inner, REACH_PIXELS, Number.NaN).values;
    const background = weightedBlur(channel, outer, REACH_PIXELS, Number.NaN).values;
    for (let i = 0; i < distance.length; i++) {
      const difference = object[i] - background[i];
      top[i] += (channel.values[i] - background[i]) * difference;
      bottom[i] += difference * difference;
    }
  }
  const alpha = planeOf(mask);
  for (let i = 0; i < distance.length; i++) {
    // Not a number where one of the two sides has no pure pixel near.
    if (Math.abs(distance[i]) > BAND_PIXELS || !(bottom[i] > MIN_DIFFERENCE ** 2)) continue;
    const share = Math.max(0, Math.min(1, top[i] / bottom[i]));
    // Farther off the outline the mask knows better than a single pixel's colour.
    const trust = 1 - Math.max(0, Math.abs(distance[i]) - 1) / (BAND_PIXELS - 1);
    alpha.values[i] += (share - alpha.values[i]) * trust;
  }
  return alpha;
}
