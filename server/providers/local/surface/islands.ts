import type { Mesh } from "../solid/marching-tetrahedra.ts";
import { type PlanarPlaces, surfacePoint } from "./planar-places.ts";

/** Triangles that the photo shows stretched more than this get a place of their own. */
const MAX_STRETCH = 2.6;
const MIN_TRIANGLES = 3;
const ROUNDS = 3;

/** Neighbouring triangles that face about the same way; seen along `axis` they don't overlap. */
export interface Island {
  triangles: number[];
  /** 0 for x, 1 for y, 2 for z. */
  axis: number;
}

/** How much more one way than the other the photo is stretched over a triangle; infinite where it collapses. */
function stretchOf(corners: number[][], places: number[][]): number {
  const edge = (to: number) => corners[to].map((value, k) => value - corners[0][k]);
  const [u, v] = [edge(1), edge(2)];
  const length = Math.hypot(...u);
  const along = u.reduce((sum, value, k) => sum + (value / length) * v[k], 0);
  const up = Math.sqrt(Math.max(0, v.reduce((sum, value) => sum + value * value, 0) - along * along));
  if (length === 0 || up === 0) return 1;
  const at = (to: number) => places[to].map((value, k) => value - places[0][k]);
  const [[ux, uy], [vx, vy]] = [at(1), at(2)];
  const [m00, m10] = [ux / length, uy / length];
  const [m01, m11] = [(vx - m00 * along) / up, (vy - m10 * along) / up];
  // The singular values of the matrix from the triangle's plane to the photo.
  const squares = m00 * m00 + m10 * m10 + m01 * m01 + m11 * m11;
  const determinant = m00 * m11 - m01 * m10;
  const root = Math.sqrt(Math.max(0, squares * squares - 4 * determinant * determinant));
  return Math.sqrt((squares + root) / Math.max(1e-9, squares - root));
}

/** The three neighbours of each triangle across its edges; −1 where there is none. */
function neighboursOf(indices: Uint32Array): Int32Array {
  const count = indices.reduce((most, index) => Math.max(most, index), 0) + 1;
  const owners = new Map<number, number>();
  const edgeOf = (t: number, k: number): [number, number] => [
    indices[3 * t + k],
    indices[3 * t + ((k + 1) % 3)],
  ];
  for (let t = 0; t < indices.length / 3; t++) {
    for (let k = 0; k < 3; k++) {
      const [from, to] = edgeOf(t, k);
      owners.set(from * count + to, t);
    }
  }
  return Int32Array.from(indices, (_, i) => {
    const [from, to] = edgeOf(Math.floor(i / 3), i % 3);
    return owners.get(to * count + from) ?? -1;
  });
}

/** −1 for triangles that the photo covers well; otherwise the way they face: axis × 2, one more when backwards. */
function facings(mesh: Mesh, normals: Float32Array, onFront: Uint8Array, places: PlanarPlaces): Int8Array {
  const { positions, indices } = mesh;
  return Int8Array.from(onFront, (isFront, t) => {
    const corners = [...indices.subarray(3 * t, 3 * t + 3)];
    const planar = corners.map((v) => places.onPhoto(surfacePoint(mesh, normals, v), isFront === 1));
    const solid = corners.map((v) => [...positions.subarray(3 * v, 3 * v + 3)]);
    if (stretchOf(solid, planar) < MAX_STRETCH) return -1;
    const facing = [0, 1, 2].map((k) => corners.reduce((sum, v) => sum + normals[3 * v + k], 0));
    const sizes = facing.map(Math.abs);
    const axis = sizes.indexOf(Math.max(...sizes));
    return 2 * axis + (facing[axis] < 0 ? 1 : 0);
  });
}

/** Parts of the surface that the photo, laid on from the front, would only cover in streaks. `normals` belong to `mesh`. */
export function stretchedIslands(
  mesh: Mesh,
  normals: Float32Array,
  onFront: Uint8Array,
  places: PlanarPlaces,
): Island[] {
  const neighbours = neighboursOf(mesh.indices);
  let labels = facings(mesh, normals, onFront, places);
  for (let round = 0; round < ROUNDS; round++) {
    labels = labels.map((own, t) => {
      const [a, b, c] = neighbours.subarray(3 * t, 3 * t + 3).map((n) => (n < 0 ? -1 : labels[n]));
      const most = a === b || a === c ? a : b === c ? b : -1;
      return most < 0 ? own : most;
    });
  }
  const islands: Island[] = [];
  const seen = new Uint8Array(labels.length);
  for (let start = 0; start < labels.length; start++) {
    if (seen[start] || labels[start] < 0) continue;
    const triangles = [start];
    seen[start] = 1;
    for (let at = 0; at < triangles.length; at++) {
      for (const next of neighbours.subarray(3 * triangles[at], 3 * triangles[at] + 3)) {
        if (next < 0 || seen[next] || labels[next] !== labels[start]) continue;
        seen[next] = 1;
        triangles.push(next);
      }
    }
    if (triangles.length >= MIN_TRIANGLES) islands.push({ triangles, axis: labels[start] >> 1 });
  }
  return islands;
}
