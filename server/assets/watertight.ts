import type { Box } from "./true-size.ts";
import type { WorldPart } from "./world-mesh.ts";

/** Corners closer than this share of the model's diagonal are one corner. */
const WELD_SHARE = 1e-6;

/** Gives every distinct position a number; open addressing, as a Map of millions of keys is slow and large. */
function createWelder(box: Box, capacity: number): (x: number, y: number, z: number) => number {
  const cell = Math.hypot(...box.max.map((value, axis) => value - box.min[axis])) * WELD_SHARE;
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2 + 2))).fill(-1);
  const corners = new Int32Array(capacity * 3);
  let count = 0;
  return (x, y, z) => {
    const i = Math.round((x - box.min[0]) / cell);
    const j = Math.round((y - box.min[1]) / cell);
    const k = Math.round((z - box.min[2]) / cell);
    let hash = Math.imul(i, 73_856_093) ^ Math.imul(j, 19_349_663) ^ Math.imul(k, 83_492_791);
    hash ^= hash >>> 15;
    for (let slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const corner = slots[slot];
      if (corner === -1) {
        corners.set([i, j, k], count * 3);
        slots[slot] = count;
        return count++;
      }
      if (corners[corner * 3] === i && corners[corner * 3 + 1] === j && corners[corner * 3 + 2] === k)
        return corner;
    }
  };
}

/**
 * Whether the surface encloses space: over all parts together, equal positions welded and collapsed triangles left
 * out, every edge belongs to exactly two triangles that run along it in opposite directions.
 */
export function isWatertight(parts: WorldPart[], box: Box): boolean {
  const weld = createWelder(
    box,
    parts.reduce((sum, { positions }) => sum + positions.length / 3, 0),
  );
  const edges = new Float64Array(parts.reduce((sum, { indices }) => sum + indices.length, 0));
  const corners = parts.map(({ positions }) => {
    const welded = new Uint32Array(positions.length / 3);
    for (let vertex = 0; vertex < welded.length; vertex++) {
      const at = vertex * 3;
      welded[vertex] = weld(positions[at], positions[at + 1], positions[at + 2]);
    }
    return welded;
  });
  let count = 0;
  /** Both directions of an edge sort next to each other: an even number, then the odd one after it. */
  const addEdge = (from: number, to: number) => {
    const [low, high] = from < to ? [from, to] : [to, from];
    edges[count++] = (low * 2 ** 25 + high) * 2 + (from < to ? 0 : 1);
  };
  for (const [index, { indices }] of parts.entries()) {
    for (let at = 0; at < indices.length; at += 3) {
      const [a, b, c] = [0, 1, 2].map((corner) => corners[index][indices[at + corner]]);
      if (a === b || b === c || c === a) continue;
      addEdge(a, b);
      addEdge(b, c);
      addEdge(c, a);
    }
  }
  const sorted = edges.subarray(0, count).sort();
  if (count === 0 || count % 2) return false;
  for (let at = 0; at < count; at += 2) {
    const isPair = sorted[at] % 2 === 0 && sorted[at + 1] === sorted[at] + 1;
    if (!isPair || sorted[at + 2] === sorted[at]) return false;
  }
  return true;
}
