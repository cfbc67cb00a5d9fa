import { createPlane, type Mask, type Plane } from "./picture.ts";

const FAR = 1e12;

/** Lower envelope of parabolas along one line (Felzenszwalb and Huttenlocher 2012), in place. */
function transformLine(line: Float64Array, length: number, sites: Int32Array, starts: Float64Array): void {
  const source = line.slice(0, length);
  let top = 0;
  sites[0] = 0;
  starts[0] = -Infinity;
  starts[1] = Infinity;
  for (let q = 1; q < length; q++) {
    let crossing = 0;
    for (;;) {
      const p = sites[top];
      crossing = (source[q] + q * q - source[p] - p * p) / (2 * (q - p));
      if (crossing > starts[top]) break;
      top--;
    }
    top++;
    sites[top] = q;
    starts[top] = crossing;
    starts[top + 1] = Infinity;
  }
  let k = 0;
  for (let q = 0; q < length; q++) {
    while (starts[k + 1] < q) k++;
    line[q] = (q - sites[k]) ** 2 + source[sites[k]];
  }
}

function distanceTo(mask: Mask, value: 0 | 1): Float32Array {
  const { width, height, values } = mask;
  const squared = new Float64Array(width * height);
  for (let i = 0; i < squared.length; i++) squared[i] = values[i] === value ? 0 : FAR;
  const longest = Math.max(width, height);
  const line = new Float64Array(longest);
  const sites = new Int32Array(longest + 1);
  const starts = new Float64Array(longest + 2);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = squared[y * width + x];
    transformLine(line, height, sites, starts);
    for (let y = 0; y < height; y++) squared[y * width + x] = line[y];
  }
  for (let y = 0; y < height; y++) {
    line.set(squared.subarray(y * width, (y + 1) * width));
    transformLine(line, width, sites, starts);
    squared.set(line.subarray(0, width), y * width);
  }
  return Float32Array.from(squared, Math.sqrt);
}

/** Exact distance to the outline in pixels, positive inside and negative outside. */
export function signedDistance(mask: Mask): Plane {
  const toOutside = distanceTo(mask, 0);
  const toInside = distanceTo(mask, 1);
  const plane = createPlane(mask.width, mask.height);
  for (let i = 0; i < plane.values.length; i++) {
    plane.values[i] = mask.values[i] ? toOutside[i] - 0.5 : 0.5 - toInside[i];
  }
  return plane;
}
