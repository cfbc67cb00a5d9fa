import { findRims } from "./rims.ts";
import type { SolidMesh } from "./solid-mesh.ts";

/** Shares of the diagonal; each is tried where the one before left open rims. */
const WIDTHS = [1e-5, 1e-4, 5e-4];

/** Joins corners of open rims that nearly meet, so that a crack is no hole. Answers how many corners went. */
export function closeCracks(mesh: SolidMesh): { mesh: SolidMesh; joined: number } {
  const { positions } = mesh;
  const diagonal = diagonalOf(positions);
  let { triangles } = mesh;
  let joined = 0;
  for (const share of WIDTHS) {
    const open = new Set(openCorners(triangles));
    if (open.size === 0) break;
    const targets = joinNear([...open], positions, diagonal * share);
    joined += targets.size;
    if (targets.size === 0) continue;
    const kept: number[] = [];
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => targets.get(triangles[at + k]) ?? triangles[at + k]);
      if (a !== b && b !== c && c !== a) kept.push(a, b, c);
    }
    triangles = Uint32Array.from(kept);
  }
  return { mesh: { ...mesh, triangles }, joined };
}

const openCorners = (triangles: Uint32Array) => findRims(triangles).flat();

function diagonalOf(positions: Float64Array): number {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at++) {
    low[at % 3] = Math.min(low[at % 3], positions[at]);
    high[at % 3] = Math.max(high[at % 3], positions[at]);
  }
  return Math.hypot(...high.map((value, axis) => value - low[axis]));
}

/** For each corner that gives way, the earlier one within `reach` that takes its place. */
function joinNear(corners: number[], positions: Float64Array, reach: number): Map<number, number> {
  const cells = new Map<string, number[]>();
  const targets = new Map<number, number>();
  const cellOf = (corner: number) =>
    [0, 1, 2].map((axis) => Math.floor(positions[corner * 3 + axis] / reach));
  const distance = (one: number, other: number) =>
    Math.hypot(...[0, 1, 2].map((axis) => positions[one * 3 + axis] - positions[other * 3 + axis]));
  for (const corner of corners) {
    const [i, j, k] = cellOf(corner);
    let target: number | undefined;
    for (let near = 0; near < 27 && target === undefined; near++) {
      const key = `${i + (near % 3) - 1},${j + (Math.floor(near / 3) % 3) - 1},${k + Math.floor(near / 9) - 1}`;
      target = cells.get(key)?.find((other) => distance(corner, other) <= reach);
    }
    if (target !== undefined) {
      targets.set(corner, target);
      continue;
    }
    const key = `${i},${j},${k}`;
    cells.set(key, [...(cells.get(key) ?? []), corner]);
  }
  return targets;
}
