import { type TriangleTree, walkTree } from "./triangle-tree.ts";

export type Point = [number, number, number];

const EDGE_SLACK = 1e-9;

/**
 * Distance along a ray to the plane inside a triangle, in lengths of `way`; null where it passes by or runs in the
 * plane (Möller and Trumbore 1997).
 */
export function hitTriangle(
  { positions, triangles }: Pick<TriangleTree, "positions" | "triangles">,
  triangle: number,
  from: Point,
  way: Point,
): number | null {
  const a = triangles[triangle * 3] * 3;
  const b = triangles[triangle * 3 + 1] * 3;
  const c = triangles[triangle * 3 + 2] * 3;
  const ux = positions[b] - positions[a];
  const uy = positions[b + 1] - positions[a + 1];
  const uz = positions[b + 2] - positions[a + 2];
  const vx = positions[c] - positions[a];
  const vy = positions[c + 1] - positions[a + 1];
  const vz = positions[c + 2] - positions[a + 2];
  const px = way[1] * vz - way[2] * vy;
  const py = way[2] * vx - way[0] * vz;
  const pz = way[0] * vy - way[1] * vx;
  const scale = ux * px + uy * py + uz * pz;
  if (scale === 0) return null;
  const sx = from[0] - positions[a];
  const sy = from[1] - positions[a + 1];
  const sz = from[2] - positions[a + 2];
  const s = (sx * px + sy * py + sz * pz) / scale;
  if (s < -EDGE_SLACK || s > 1 + EDGE_SLACK) return null;
  const qx = sy * uz - sz * uy;
  const qy = sz * ux - sx * uz;
  const qz = sx * uy - sy * ux;
  const t = (way[0] * qx + way[1] * qy + way[2] * qz) / scale;
  if (t < -EDGE_SLACK || s + t > 1 + EDGE_SLACK) return null;
  return (vx * qx + vy * qy + vz * qz) / scale;
}

/** Nearest hit of a ray at or after its start among the triangles that `accepts` takes; the way has length 1. */
export function castRay(
  tree: TriangleTree,
  from: Point,
  way: Point,
  accepts: (triangle: number) => boolean,
): number | null {
  const { bounds } = tree;
  let nearest = Infinity;
  const isNear = (at: number) => {
    let enter = 0;
    let leave = nearest;
    for (let axis = 0; axis < 3; axis++) {
      const low = (bounds[at + axis] - from[axis]) / way[axis];
      const high = (bounds[at + 3 + axis] - from[axis]) / way[axis];
      // A ray along a face of the box gives NaN, which must not shut the box out.
      if (low < high) {
        if (low > enter) enter = low;
        if (high < leave) leave = high;
      } else {
        if (high > enter) enter = high;
        if (low < leave) leave = low;
      }
    }
    return enter <= leave + 1e-12;
  };
  walkTree(tree, isNear, (triangle) => {
    const distance = hitTriangle(tree, triangle, from, way);
    if (distance !== null && distance >= 0 && distance < nearest && accepts(triangle)) nearest = distance;
  });
  return nearest === Infinity ? null : nearest;
}
