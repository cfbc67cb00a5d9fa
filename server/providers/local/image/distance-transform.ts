import { createPlane, type Mask, type Plane } from "./picture.ts";

/** Farther than any two pixels; its square is still exact enough in 32 bits. */
const FAR = 1e5;

/** Work space for one line. */
interface Line {
  source: Float32Array;
  result: Float32Array;
  sites: Int32Array;
  starts: Float64Array;
}

/** Lower envelope of parabolas along one line (Felzenszwalb and Huttenlocher 2012). */
function transformLine({ source, result, sites, starts }: Line, length: number): void {
  let top = 0;
  sites[0] = 0;
  starts[0] = -Infinity;
  starts[1] = Infinity;
  for (let q = 1; q < length; q++) {
    let crossing = 0;
    for (;;) {
      const p = sites[top];
      crossing = (source[q] - source[p] + (q * q - p * p)) / (2 * (q - p));
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
    const p = sites[k];
    result[q] = (q - p) * (q - p) + source[p];
  }
}

/** Distance of each pixel from the nearest one of the value. */
function distanceTo({ width, height, values }: Mask, value: 0 | 1): Float32Array {
  const distances = new Float32Array(width * height);
  const longest = Math.max(width, height);
  const line: Line = {
    source: new Float32Array(longest),
    result: new Float32Array(longest),
    sites: new Int32Array(longest + 1),
    starts: new Float64Array(longest + 2),
  };
  // Along columns the distance to the nearest pixel of the value is a plain count in two sweeps.
  for (let i = 0; i < distances.length; i++) {
    if (values[i] === value) continue;
    distances[i] = i < width ? FAR : Math.min(FAR, distances[i - width] + 1);
  }
  for (let i = distances.length - width - 1; i >= 0; i--) {
    distances[i] = Math.min(distances[i], distances[i + width] + 1);
  }
  for (let y = 0; y < height; y++) {
    const row = distances.subarray(y * width, (y + 1) * width);
    for (let x = 0; x < width; x++) line.source[x] = row[x] * row[x];
    transformLine(line, width);
    for (let x = 0; x < width; x++) row[x] = Math.sqrt(line.result[x]);
  }
  return distances;
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
