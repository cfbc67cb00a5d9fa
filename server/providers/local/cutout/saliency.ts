import { createPlane, type Plane } from "../image/picture.ts";
import { type Background, isPlain, toleranceOf } from "./background.ts";
import { isShade } from "./contact-shadow.ts";

const PASSES = 3;
/** Width of the centre prior on busy backgrounds, in shares of the picture. */
const CENTRE_SIGMA = 0.28;

/** Minimum barrier distance to the seeds by raster scans (Zhang et al. 2015, "Minimum Barrier Salient Object Detection"). */
function barrierDistance(
  channel: Float32Array,
  width: number,
  height: number,
  seeds: Uint8Array,
): Float32Array {
  const distance = new Float32Array(channel.length).fill(1e9);
  const high = Float32Array.from(channel);
  const low = Float32Array.from(channel);
  for (let i = 0; i < seeds.length; i++) if (seeds[i]) distance[i] = 0;
  const relax = (i: number, from: number) => {
    const top = Math.max(high[from], channel[i]);
    const bottom = Math.min(low[from], channel[i]);
    if (top - bottom >= distance[i]) return;
    distance[i] = top - bottom;
    high[i] = top;
    low[i] = bottom;
  };
  for (let pass = 0; pass < PASSES; pass++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        if (x > 0) relax(i, i - 1);
        if (y > 0) relax(i, i - width);
      }
    }
    for (let y = height - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--) {
        const i = y * width + x;
        if (x < width - 1) relax(i, i + 1);
        if (y < height - 1) relax(i, i + width);
      }
    }
  }
  return distance;
}

/** Scales in place so that the 98th percentile (at least `least`) becomes one. */
function normalize(values: Float32Array, least: number): void {
  const top = Math.max(least, Float32Array.from(values).sort()[Math.floor(values.length * 0.98)]);
  for (let i = 0; i < values.length; i++) values[i] = Math.min(1, values[i] / top);
}

/**
 * How much each pixel stands out from the background, 0 to 1. `features` are L*a*b* (less the fitted background
 * where that is plain); `residual` is ΔE from the fit, `painted` the fitted
 * colours. On a plain background soft shadows count little.
 */
export function salience(
  features: Float32Array,
  residual: Float32Array,
  painted: Float32Array,
  background: Background,
  width: number,
  height: number,
): Plane {
  const plain = isPlain(background);
  const tolerance = toleranceOf(background);
  const seeds = new Uint8Array(width * height);
  background.samples.forEach((pixel, k) => {
    if (!plain || background.residuals[k] < tolerance) seeds[pixel] = 1;
  });
  const plane = createPlane(width, height);
  const { values } = plane;
  for (let c = 0; c < 3; c++) {
    const channel = Float32Array.from(values, (_, i) => features[i * 3 + c]);
    const distance = barrierDistance(channel, width, height, seeds);
    for (let i = 0; i < values.length; i++) values[i] += distance[i] * (c === 0 ? 0.8 : 1);
  }
  normalize(values, 8);
  if (plain) {
    const scale = Math.max(7, 4 * background.sigma);
    for (let i = 0; i < values.length; i++) {
      const lightness = painted[i * 3];
      const isShadow =
        features[i * 3] < 0 && isShade(features, painted, i) && lightness + features[i * 3] > 0.6 * lightness;
      const difference = isShadow ? residual[i] * 0.35 : residual[i];
      values[i] = 0.3 * values[i] + 0.7 * (1 - Math.exp(-((difference / scale) ** 2)));
    }
    return plane;
  }
  for (let i = 0; i < values.length; i++) {
    const x = (i % width) / width - 0.5;
    const y = Math.floor(i / width) / height - 0.5;
    values[i] *= 0.25 + 0.75 * Math.exp(-(x * x + y * y) / (2 * CENTRE_SIGMA ** 2));
  }
  normalize(values, 1e-6);
  return plane;
}

/** Otsu's threshold for values from 0 to 1. */
export function otsuThreshold(values: Float32Array): number {
  const histogram = new Float64Array(256);
  for (const value of values) histogram[Math.max(0, Math.min(255, Math.round(value * 255)))]++;
  const total = histogram.reduce((sum, count, level) => sum + count * level, 0);
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let threshold = 0;
  for (let level = 0; level < 255; level++) {
    below += histogram[level];
    sumBelow += histogram[level] * level;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const variance = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2;
    if (variance > best) {
      best = variance;
      threshold = level;
    }
  }
  return threshold / 255;
}
