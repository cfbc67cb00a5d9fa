import type { PrintCheck } from "../../contract/print.ts";
import { countEdges } from "../surface/edges.ts";
import { findLooseParts } from "../surface/loose-parts.ts";
import { measureSurface } from "../surface/survey.ts";

const LISTED = 8;
const DIGITS = 4;

/** The largest loose parts of a surface by area; its positions are metres, Y up. */
export function describeParts(positions: Float64Array, triangles: Uint32Array): PrintCheck["parts"] {
  const { count, ofCorner } = findLooseParts(triangles, positions.length / 3);
  const sizes = new Uint32Array(count);
  for (let at = 0; at < triangles.length; at += 3) sizes[ofCorner[triangles[at]]] += 3;
  const parts = Array.from(sizes, (size) => ({ triangles: new Uint32Array(size), filled: 0 }));
  for (let at = 0; at < triangles.length; at += 3) {
    const part = parts[ofCorner[triangles[at]]];
    for (let corner = 0; corner < 3; corner++) part.triangles[part.filled++] = triangles[at + corner];
  }
  const measured = parts.map((part) => {
    const { area, volume } = measureSurface({ positions, triangles: part.triangles });
    return { triangles: part.triangles, area, volume };
  });
  const whole = measured.reduce((sum, { area }) => sum + area, 0) || 1;
  return measured
    .sort((a, b) => b.area - a.area)
    .slice(0, LISTED)
    .map((part) => {
      const { open, nonManifold, flipped } = countEdges(part.triangles);
      return {
        triangles: part.triangles.length / 3,
        sizeMillimetres: sizeOf(positions, part.triangles),
        areaShare: rounded(part.area / whole),
        volumeCubicCentimetres: open + nonManifold + flipped ? null : rounded(Math.abs(part.volume) * 1e6),
      };
    });
}

/** Length, width and height with Z up. */
function sizeOf(positions: Float64Array, triangles: Uint32Array): [number, number, number] {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const corner of triangles) {
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], positions[corner * 3 + axis]);
      high[axis] = Math.max(high[axis], positions[corner * 3 + axis]);
    }
  }
  const [x, y, z] = high.map((value, axis) => rounded((value - low[axis]) * 1000));
  return [x, z, y];
}

const rounded = (value: number) => Number(value.toPrecision(DIGITS));
