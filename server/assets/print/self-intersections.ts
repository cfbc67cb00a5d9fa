import { hitTriangle, type Point } from "../surface/ray.ts";
import { type TriangleTree, walkTree } from "../surface/triangle-tree.ts";

const MAX_TRIANGLES = 300_000;
/** Touching is no crossing. */
const SLACK = 1e-7;

/**
 * Pairs of triangles that pass through each other; neighbours, which share a corner, are left out, and so are
 * triangles in one plane. Null in models that would take too long.
 */
export function countSelfIntersections(tree: TriangleTree): number | null {
  const { positions, triangles, bounds } = tree;
  const count = triangles.length / 3;
  if (count > MAX_TRIANGLES) return null;
  let crossings = 0;
  const low: Point = [0, 0, 0];
  const high: Point = [0, 0, 0];
  const isNear = (at: number) =>
    bounds[at] <= high[0] &&
    bounds[at + 1] <= high[1] &&
    bounds[at + 2] <= high[2] &&
    bounds[at + 3] >= low[0] &&
    bounds[at + 4] >= low[1] &&
    bounds[at + 5] >= low[2];
  for (let one = 0; one < count; one++) {
    for (let axis = 0; axis < 3; axis++) {
      const [a, b, c] = [0, 1, 2].map((corner) => positions[triangles[one * 3 + corner] * 3 + axis]);
      low[axis] = Math.min(a, b, c);
      high[axis] = Math.max(a, b, c);
    }
    walkTree(tree, isNear, (other) => {
      if (other <= one || sharesCorner(triangles, one, other)) return;
      if (pierces(tree, one, other) || pierces(tree, other, one)) crossings++;
    });
  }
  return crossings;
}

function sharesCorner(triangles: Uint32Array, one: number, other: number): boolean {
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) if (triangles[one * 3 + i] === triangles[other * 3 + j]) return true;
  }
  return false;
}

/** Whether an edge of one triangle goes through the other. */
function pierces(tree: TriangleTree, one: number, other: number): boolean {
  const { positions, triangles } = tree;
  for (let corner = 0; corner < 3; corner++) {
    const a = triangles[one * 3 + corner] * 3;
    const b = triangles[one * 3 + ((corner + 1) % 3)] * 3;
    const from: Point = [positions[a], positions[a + 1], positions[a + 2]];
    const way: Point = [positions[b] - from[0], positions[b + 1] - from[1], positions[b + 2] - from[2]];
    const share = hitTriangle(tree, other, from, way);
    if (share !== null && share > SLACK && share < 1 - SLACK) return true;
  }
  return false;
}
