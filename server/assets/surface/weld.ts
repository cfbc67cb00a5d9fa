import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";

/** Corners closer than this share of the model's diagonal are one corner. */
const WELD_SHARE = 1e-6;

/** All parts as one surface. Lengths are metres from the least corner of the box; three indices make a triangle. */
export interface WeldedSurface {
  positions: Float64Array;
  /** Without those that collapsed to a line or a point. */
  triangles: Uint32Array;
  collapsedTriangles: number;
  /** For each part the number of the corner of each of its own vertices. */
  cornersOfParts: Uint32Array[];
}

/** Gives every distinct position a number; open addressing, as a Map of millions of keys is slow and large. */
function createWelder(cell: number, capacity: number): (x: number, y: number, z: number) => number {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2 + 2))).fill(-1);
  const corners = new Int32Array(capacity * 3);
  let count = 0;
  return (x, y, z) => {
    const i = Math.round(x / cell);
    const j = Math.round(y / cell);
    const k = Math.round(z / cell);
    let hash = Math.imul(i, 73_856_093) ^ Math.imul(j, 19_349_663) ^ Math.imul(k, 83_492_791);
    hash ^= hash >>> 15;
    for (let slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const corner = slots[slot];
      if (corner === -1) {
        const at = count * 3;
        corners[at] = i;
        corners[at + 1] = j;
        corners[at + 2] = k;
        slots[slot] = count;
        return count++;
      }
      if (corners[corner * 3] === i && corners[corner * 3 + 1] === j && corners[corner * 3 + 2] === k)
        return corner;
    }
  };
}

/** Joins equal positions whatever their normals and textures. */
export function weldSurface(parts: WorldPart[], { min, max }: Box): WeldedSurface {
  const cell = Math.hypot(...max.map((value, axis) => value - min[axis])) * WELD_SHARE;
  const vertexCount = parts.reduce((sum, { positions }) => sum + positions.length / 3, 0);
  const weld = createWelder(cell, vertexCount);
  const positions = new Float64Array(vertexCount * 3);
  let count = 0;
  const cornersOfParts = parts.map((part) => {
    const welded = new Uint32Array(part.positions.length / 3);
    for (let vertex = 0; vertex < welded.length; vertex++) {
      const x = part.positions[vertex * 3] - min[0];
      const y = part.positions[vertex * 3 + 1] - min[1];
      const z = part.positions[vertex * 3 + 2] - min[2];
      const corner = weld(x, y, z);
      welded[vertex] = corner;
      if (corner < count) continue;
      positions[count * 3] = x;
      positions[count * 3 + 1] = y;
      positions[count * 3 + 2] = z;
      count++;
    }
    return welded;
  });
  const triangles = new Uint32Array(parts.reduce((sum, { indices }) => sum + indices.length, 0));
  let filled = 0;
  for (const [index, { indices }] of parts.entries()) {
    const corners = cornersOfParts[index];
    for (let at = 0; at < indices.length; at += 3) {
      const a = corners[indices[at]];
      const b = corners[indices[at + 1]];
      const c = corners[indices[at + 2]];
      if (a === b || b === c || c === a) continue;
      triangles[filled] = a;
      triangles[filled + 1] = b;
      triangles[filled + 2] = c;
      filled += 3;
    }
  }
  return {
    positions: positions.subarray(0, count * 3),
    triangles: triangles.subarray(0, filled),
    collapsedTriangles: (triangles.length - filled) / 3,
    cornersOfParts,
  };
}
