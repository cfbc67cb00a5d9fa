import { createPlane, type Plane } from "./picture.ts";

/** Mean over a square of side 2·radius + 1, border repeated. */
export function boxBlur(plane: Plane, radius: number): Plane {
  const { width, height, values } = plane;
  const rows = new Float32Array(width * height);
  const result = createPlane(width, height);
  const side = 2 * radius + 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let x = -radius; x <= radius; x++) sum += values[row + Math.min(width - 1, Math.max(0, x))];
    for (let x = 0; x < width; x++) {
      rows[row + x] = sum / side;
      sum += values[row + Math.min(width - 1, x + radius + 1)] - values[row + Math.max(0, x - radius)];
    }
  }
  const sums = new Float64Array(width);
  for (let y = -radius; y <= radius; y++) {
    const row = Math.min(height - 1, Math.max(0, y)) * width;
    for (let x = 0; x < width; x++) sums[x] += rows[row + x];
  }
  for (let y = 0; y < height; y++) {
    const entering = Math.min(height - 1, y + radius + 1) * width;
    const leaving = Math.max(0, y - radius) * width;
    for (let x = 0; x < width; x++) {
      result.values[y * width + x] = sums[x] / side;
      sums[x] += rows[entering + x] - rows[leaving + x];
    }
  }
  return result;
}

/** Close to a Gaussian of standard deviation `radius`: three box blurs. */
export function blur(plane: Plane, radius: number): Plane {
  const whole = Math.max(1, Math.round(radius));
  return boxBlur(boxBlur(boxBlur(plane, whole), whole), whole);
}

/** Blur that takes only pixels of positive weight into account; `fallback` where there is none near. */
export function weightedBlur(plane: Plane, weight: Plane, radius: number, fallback = 0): Plane {
  const product = createPlane(plane.width, plane.height);
  for (let i = 0; i < product.values.length; i++) product.values[i] = plane.values[i] * weight.values[i];
  const top = blur(product, radius);
  const bottom = blur(weight, radius);
  for (let i = 0; i < top.values.length; i++) {
    top.values[i] = bottom.values[i] > 1e-4 ? top.values[i] / bottom.values[i] : fallback;
  }
  return top;
}
