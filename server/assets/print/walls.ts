import type { PrintCheck } from "../../contract/print.ts";
import { castRay, type Point } from "../surface/ray.ts";
import type { TriangleTree } from "../surface/triangle-tree.ts";

/** Two lines of a usual 0.4 mm nozzle. */
export const THIN_MILLIMETRES = 0.8;
const PLACES = 3000;
/** Steps of an even sequence over triangles (Roberts 2018, R2). */
const STEP = [0.754877666, 0.569840291];
/** Opposite faces lean at most 60° to each other; what meets at a sharper angle is an edge and no wall. */
const MIN_OPPOSITION = 0.5;
const MILLIMETRES_PER_METRE = 1000;

/** Unit normals of triangles and their areas. */
function faceNormals({ positions, triangles }: TriangleTree) {
  const normals = new Float64Array(triangles.length);
  const areas = new Float64Array(triangles.length / 3);
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at] * 3, triangles[at + 1] * 3, triangles[at + 2] * 3];
    const u = [0, 1, 2].map((axis) => positions[b + axis] - positions[a + axis]);
    const v = [0, 1, 2].map((axis) => positions[c + axis] - positions[a + axis]);
    const cross = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const length = Math.hypot(...cross) || 1;
    for (let axis = 0; axis < 3; axis++) normals[at + axis] = cross[axis] / length;
    areas[at / 3] = length / 2;
  }
  return { normals, areas };
}

/**
 * Thickness of the walls: from places spread evenly over the surface a ray goes straight inwards to the first face
 * that looks the other way. Lengths of the tree are metres. Null where less than a tenth of the places has a back.
 */
export function measureWalls(tree: TriangleTree): PrintCheck["wall"] {
  const { positions, triangles } = tree;
  const { normals, areas } = faceNormals(tree);
  const total = areas.reduce((sum, area) => sum + area, 0);
  const walls: number[] = [];
  let triangle = 0;
  let before = 0;
  for (let place = 0; place < PLACES; place++) {
    const wanted = ((place + 0.5) / PLACES) * total;
    while (triangle < areas.length - 1 && before + areas[triangle] < wanted) before += areas[triangle++];
    let [s, t] = STEP.map((step) => (0.5 + place * step) % 1);
    if (s + t > 1) [s, t] = [1 - s, 1 - t];
    const [a, b, c] = [0, 1, 2].map((corner) => triangles[triangle * 3 + corner] * 3);
    const from = [0, 1, 2].map(
      (axis) => positions[a + axis] * (1 - s - t) + positions[b + axis] * s + positions[c + axis] * t,
    ) as Point;
    const own = triangle;
    const way = [0, 1, 2].map((axis) => -normals[own * 3 + axis]) as Point;
    const isBack = (other: number) =>
      other !== own &&
      way[0] * normals[other * 3] + way[1] * normals[other * 3 + 1] + way[2] * normals[other * 3 + 2] >
        MIN_OPPOSITION;
    const wall = castRay(tree, from, way, isBack);
    if (wall !== null) walls.push(wall * MILLIMETRES_PER_METRE);
  }
  if (walls.length < PLACES / 10) return null;
  walls.sort((a, b) => a - b);
  const at = (share: number) => Number(walls[Math.floor(share * (walls.length - 1))].toPrecision(4));
  const thin = walls.filter((wall) => wall < THIN_MILLIMETRES).length;
  return {
    smallestMillimetres: at(0.01),
    medianMillimetres: at(0.5),
    thinShare: Number((thin / walls.length).toFixed(4)),
    thresholdMillimetres: THIN_MILLIMETRES,
    places: walls.length,
  };
}
