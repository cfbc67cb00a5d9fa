import { MeshoptSimplifier } from "meshoptimizer";
import type { Mesh } from "../solid/marching-tetrahedra.ts";

/** Pieces with fewer triangles than this share of the largest piece are crumbs. */
const CRUMB_SHARE = 0.004;
const MAX_RELATIVE_ERROR = 0.02;

/** Whether every edge lies in exactly two triangles that face the same way. */
export function isClosedManifold(indices: Uint32Array, vertexCount: number): boolean {
  const edges = new Set<number>();
  const corners = [0, 1, 2];
  for (let t = 0; t < indices.length; t += 3) {
    for (const k of corners) {
      const [from, to] = [indices[t + k], indices[t + ((k + 1) % 3)]];
      const edge = from * vertexCount + to;
      if (from === to || edges.has(edge)) return false;
      edges.add(edge);
    }
  }
  for (const edge of edges) {
    const from = Math.floor(edge / vertexCount);
    if (!edges.has((edge - from * vertexCount) * vertexCount + from)) return false;
  }
  return true;
}

/** Leaves out vertices that no triangle uses. */
export function compact(positions: Float32Array, indices: Uint32Array): Mesh {
  const ids = new Int32Array(positions.length / 3).fill(-1);
  const kept: number[] = [];
  const renumbered = indices.map((vertex) => {
    if (ids[vertex] < 0) {
      ids[vertex] = kept.length / 3;
      kept.push(positions[vertex * 3], positions[vertex * 3 + 1], positions[vertex * 3 + 2]);
    }
    return ids[vertex];
  });
  return { positions: Float32Array.from(kept), indices: renumbered };
}

/** Drops tiny separate pieces that thin parts of the outline leave behind. */
export function dropCrumbs({ positions, indices }: Mesh): Mesh {
  const parents = Int32Array.from({ length: positions.length / 3 }, (_, i) => i);
  const rootOf = (start: number) => {
    let vertex = start;
    while (parents[vertex] !== vertex) {
      parents[vertex] = parents[parents[vertex]];
      vertex = parents[vertex];
    }
    return vertex;
  };
  for (let t = 0; t < indices.length; t += 3) {
    parents[rootOf(indices[t])] = rootOf(indices[t + 1]);
    parents[rootOf(indices[t + 1])] = rootOf(indices[t + 2]);
  }
  const sizes = new Uint32Array(parents.length);
  for (let t = 0; t < indices.length; t += 3) sizes[rootOf(indices[t])]++;
  const least = CRUMB_SHARE * sizes.reduce((most, size) => Math.max(most, size), 0);
  const kept: number[] = [];
  for (let t = 0; t < indices.length; t += 3) {
    if (sizes[rootOf(indices[t])] >= least) kept.push(indices[t], indices[t + 1], indices[t + 2]);
  }
  return compact(positions, Uint32Array.from(kept));
}

/** Leaves out pairs of triangles over the same three corners that face each other; the rest stays closed. */
function dropFolds(indices: Uint32Array): Uint32Array {
  const waiting = new Map<string, number>();
  const dropped = new Set<number>();
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = indices.subarray(t, t + 3);
    const least = Math.min(a, b, c);
    const turned = a === least ? [a, b, c] : b === least ? [b, c, a] : [c, a, b];
    const opposite = waiting.get(`${turned[0]},${turned[2]},${turned[1]}`);
    if (opposite === undefined || dropped.has(opposite)) waiting.set(turned.join(), t);
    else dropped.add(opposite).add(t);
  }
  return indices.filter((_, i) => !dropped.has(i - (i % 3)));
}

/** Ways to simplify until one leaves a closed mesh: which flag, and for how many of the triangles wanted. */
const ATTEMPTS = [
  { flag: "RegularizeLight", share: 1 },
  { flag: "Regularize", share: 1 },
  { flag: "RegularizeLight", share: 0.94 },
  { flag: "Regularize", share: 0.9 },
  { flag: "Regularize", share: 0.8 },
] as const;

/** Reduces to at most `triangles` by edge collapse; a mesh that does not stay closed keeps all its triangles. */
export async function simplifyClosed(mesh: Mesh, triangles: number): Promise<Mesh> {
  await MeshoptSimplifier.ready;
  if (mesh.indices.length <= triangles * 3) return mesh;
  for (const { flag, share } of ATTEMPTS) {
    const wanted = Math.floor(triangles * share) * 3;
    const [indices] = MeshoptSimplifier.simplify(
      mesh.indices,
      mesh.positions,
      3,
      wanted,
      MAX_RELATIVE_ERROR,
      [flag],
    );
    const reduced = compact(mesh.positions, dropFolds(indices));
    if (isClosedManifold(reduced.indices, reduced.positions.length / 3)) return reduced;
  }
  return mesh;
}

/** Smooth unit normals: triangle normals averaged by their angle at the vertex (Thürmer and Wüthrich 1998). */
export function smoothNormals({ positions, indices }: Mesh): Float32Array {
  const normals = new Float32Array(positions.length);
  const edge = (from: number, to: number, axis: number) =>
    positions[to * 3 + axis] - positions[from * 3 + axis];
  for (let t = 0; t < indices.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const [a, b, c] = [indices[t + k], indices[t + ((k + 1) % 3)], indices[t + ((k + 2) % 3)]];
      const [ux, uy, uz] = [edge(a, b, 0), edge(a, b, 1), edge(a, b, 2)];
      const [vx, vy, vz] = [edge(a, c, 0), edge(a, c, 1), edge(a, c, 2)];
      const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
      const length = Math.hypot(nx, ny, nz);
      if (length === 0) continue;
      const angle = Math.atan2(length, ux * vx + uy * vy + uz * vz);
      normals[a * 3] += (nx / length) * angle;
      normals[a * 3 + 1] += (ny / length) * angle;
      normals[a * 3 + 2] += (nz / length) * angle;
    }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i], normals[i + 1], normals[i + 2]);
    if (length < 1e-12) normals[i + 2] = 1;
    else for (let c = 0; c < 3; c++) normals[i + c] /= length;
  }
  return normals;
}
