import type { Solid, SolidLibrary, SolidScope } from "./manifold-library.ts";
import type { SolidMesh } from "./solid-mesh.ts";

const CELLS = 96;
/** Neighbours along the axes and the cell itself: smooths the steps of the cells. */
const AROUND = [
  [0, 0, 0],
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
  [0, 0, 1],
  [0, 0, -1],
] as const;

interface Grid {
  cell: number;
  low: number[];
  counts: [number, number, number];
  /** How many of the three axes say that a cell is inside. */
  votes: Uint8Array;
}

/**
 * The last way: a new surface around the cells of a grid that lie inside. Rays along each axis vote by how often they
 * cross the surface, so that one hole does not turn all out. Null where nothing is inside.
 */
export function remesh(mesh: SolidMesh, library: SolidLibrary, scope: SolidScope) {
  const grid = fillGrid(mesh);
  const { cell, low, counts, votes } = grid;
  const at = (i: number, j: number, k: number) => {
    if (i < 0 || j < 0 || k < 0 || i >= counts[0] || j >= counts[1] || k >= counts[2]) return 0;
    return votes[(k * counts[1] + j) * counts[0] + i] >= 2 ? 1 : 0;
  };
  const smooth = new Float32Array(votes.length);
  for (let k = 0; k < counts[2]; k++) {
    for (let j = 0; j < counts[1]; j++) {
      for (let i = 0; i < counts[0]; i++) {
        const sum = AROUND.reduce((total, [x, y, z]) => total + at(i + x, j + y, k + z), 0);
        smooth[(k * counts[1] + j) * counts[0] + i] = sum / AROUND.length - 0.5;
      }
    }
  }
  const valueAt = (i: number, j: number, k: number) =>
    i < 0 || j < 0 || k < 0 || i >= counts[0] || j >= counts[1] || k >= counts[2]
      ? -0.5
      : smooth[(k * counts[1] + j) * counts[0] + i];
  const depth = (place: ArrayLike<number>) => {
    const [x, y, z] = [0, 1, 2].map((axis) => (place[axis] - low[axis]) / cell - 0.5);
    const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [u, v, w] = [x - i, y - j, z - k];
    const line = (b: number, c: number) => valueAt(i, b, c) * (1 - u) + valueAt(i + 1, b, c) * u;
    const sheet = (c: number) => line(j, c) * (1 - v) + line(j + 1, c) * v;
    return (sheet(k) * (1 - w) + sheet(k + 1) * w) * cell;
  };
  const bounds = {
    min: low.map((value) => value - cell) as [number, number, number],
    max: low.map((value, axis) => value + (counts[axis] + 1) * cell) as [number, number, number],
  };
  const solid: Solid = scope.keep(library.Manifold.levelSet(depth, bounds, cell));
  return solid.isEmpty() ? null : { solid, cellMillimetres: Number(cell.toPrecision(3)) };
}

function fillGrid({ positions, triangles }: SolidMesh): Grid {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const corner of triangles) {
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], positions[corner * 3 + axis]);
      high[axis] = Math.max(high[axis], positions[corner * 3 + axis]);
    }
  }
  const cell = Math.max(...high.map((value, axis) => value - low[axis])) / CELLS;
  const counts = high.map((value, axis) =>
    Math.max(1, Math.ceil((value - low[axis]) / cell)),
  ) as Grid["counts"];
  const grid: Grid = { cell, low, counts, votes: new Uint8Array(counts[0] * counts[1] * counts[2]) };
  for (const axis of [0, 1, 2]) voteAlong(axis, grid, positions, triangles);
  return grid;
}

/** Crosses the surface with a ray through the middle of each column of cells along one axis. */
function voteAlong(axis: number, grid: Grid, positions: Float64Array, triangles: Uint32Array): void {
  const { cell, low, counts, votes } = grid;
  const [p, q] = [(axis + 1) % 3, (axis + 2) % 3];
  const columns: number[][] = Array.from({ length: counts[p] * counts[q] }, () => []);
  // Off the middle by a little, as rays through corners and edges would count twice.
  const ray = (index: number, along: number) => low[along] + (index + 0.5 + 1.7e-5 * (along + 1)) * cell;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at] * 3, triangles[at + 1] * 3, triangles[at + 2] * 3];
    const range = (along: number) => {
      const values = [positions[a + along], positions[b + along], positions[c + along]];
      const first = Math.max(0, Math.floor((Math.min(...values) - low[along]) / cell - 1));
      return [first, Math.min(counts[along] - 1, Math.ceil((Math.max(...values) - low[along]) / cell))];
    };
    const side = (from: number, to: number, x: number, y: number) =>
      (positions[to + p] - positions[from + p]) * (y - positions[from + q]) -
      (positions[to + q] - positions[from + q]) * (x - positions[from + p]);
    const whole = side(a, b, positions[c + p], positions[c + q]);
    if (whole === 0) continue;
    const [firstP, lastP] = range(p);
    const [firstQ, lastQ] = range(q);
    for (let i = firstP; i <= lastP; i++) {
      for (let j = firstQ; j <= lastQ; j++) {
        const [x, y] = [ray(i, p), ray(j, q)];
        const u = side(b, c, x, y) / whole;
        const v = side(c, a, x, y) / whole;
        const w = 1 - u - v;
        if (u < 0 || v < 0 || w < 0) continue;
        columns[i * counts[q] + j].push(
          u * positions[a + axis] + v * positions[b + axis] + w * positions[c + axis],
        );
      }
    }
  }
  const strides = [1, counts[0], counts[0] * counts[1]];
  for (const [column, crossings] of columns.entries()) {
    crossings.sort((one, other) => one - other);
    const start = Math.floor(column / counts[q]) * strides[p] + (column % counts[q]) * strides[q];
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const first = Math.max(0, Math.ceil((crossings[pair] - low[axis]) / cell - 0.5));
      const last = Math.min(counts[axis] - 1, Math.floor((crossings[pair + 1] - low[axis]) / cell - 0.5));
      for (let k = first; k <= last; k++) votes[start + k * strides[axis]]++;
    }
  }
}
