/** Triangles over shared vertices: three coordinates a vertex, three indices a triangle. */
export interface Mesh {
  positions: Float32Array;
  indices: Uint32Array;
}

type Corner = readonly [number, number, number];
/** The seven edge directions that leave a corner in the Kuhn subdivision; bit 0 is x, bit 1 y, bit 2 z. */
const DIRECTIONS = 7;
/** A vertex keeps this much of the edge's length from its ends, so that no triangle degenerates. */
const END_GAP = 0.03;

/** Corner numbers (bits x, y, z) of the six tetrahedra of a cube; all share the diagonal 0–7. */
const TETRAHEDRA = [
  [1, 3],
  [1, 5],
  [2, 3],
  [2, 6],
  [4, 5],
  [4, 6],
].map(([a, b]) => [0, a, b, 7] as const);

const cornerAt = (corner: number): Corner => [corner & 1, (corner >> 1) & 1, corner >> 2];

interface Crossing {
  /** The corner where the edge starts and its direction (a bit set of the axes). */
  corner: number;
  direction: number;
}

const crossingOf = (a: number, b: number): Crossing => ({
  corner: Math.min(a, b),
  direction: Math.abs(a - b),
});

function midpoint({ corner, direction }: Crossing): Corner {
  const start = cornerAt(corner);
  const step = cornerAt(direction);
  return [start[0] + step[0] / 2, start[1] + step[1] / 2, start[2] + step[2] / 2];
}

/** Turns the triangle so that its normal points from the inside corner to the outside one. */
function facing(triangle: Crossing[], inside: number, outside: number): Crossing[] {
  const [a, b, c] = triangle.map(midpoint);
  const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
  const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const from = cornerAt(inside);
  const to = cornerAt(outside);
  const along = normal.reduce((sum, value, axis) => sum + value * (to[axis] - from[axis]), 0);
  return along > 0 ? triangle : [triangle[0], triangle[2], triangle[1]];
}

function trianglesOf(tetrahedron: readonly number[], insideBits: number): Crossing[][] {
  const inside = tetrahedron.filter((_, k) => insideBits & (1 << k));
  const outside = tetrahedron.filter((_, k) => !(insideBits & (1 << k)));
  if (inside.length === 0 || outside.length === 0) return [];
  if (inside.length === 2) {
    const [a, b] = inside;
    const [c, d] = outside;
    const [ac, ad, bc, bd] = [crossingOf(a, c), crossingOf(a, d), crossingOf(b, c), crossingOf(b, d)];
    return [facing([ac, ad, bd], a, c), facing([ac, bd, bc], a, c)];
  }
  const [lone, others] = inside.length === 1 ? [inside[0], outside] : [outside[0], inside];
  const triangle = others.map((other) => crossingOf(lone, other));
  return [inside.length === 1 ? facing(triangle, lone, others[0]) : facing(triangle, others[0], lone)];
}

/** Per tetrahedron and set of inside corners the triangles, flat: corner and direction of each vertex. */
const CASES = TETRAHEDRA.map((tetrahedron) =>
  Array.from({ length: 16 }, (_, bits) =>
    Int8Array.from(
      trianglesOf(tetrahedron, bits)
        .flat(2)
        .flatMap((c) => [c.corner, c.direction]),
    ),
  ),
);

class Growing<T extends Float32Array | Uint32Array> {
  #array: T;
  #make: (length: number) => T;
  length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#array = make(1 << 16);
  }

  push(value: number): void {
    if (this.length === this.#array.length) {
      const larger = this.#make(this.length * 2);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.length++] = value;
  }

  finish(): T {
    return this.#array.slice(0, this.length) as T;
  }
}

/**
 * Surface where the field is zero, by marching tetrahedra (Doi and Koide 1991) on cubes split the same way each:
 * closed and manifold for any field that is negative on the whole border. `fillLayer(y, out)` writes the field of
 * one layer, `out[x · depth + z]`. Triangles face outwards in a frame with x right, y down, z to the viewer.
 */
export function marchTetrahedra(
  width: number,
  height: number,
  depth: number,
  fillLayer: (y: number, out: Float32Array) => void,
): Mesh {
  const size = width * depth;
  let [upper, lower] = [new Float32Array(size), new Float32Array(size)];
  let [upperIds, lowerIds] = [new Int32Array(size * DIRECTIONS), new Int32Array(size * DIRECTIONS)];
  const positions = new Growing((length) => new Float32Array(length));
  const indices = new Growing((length) => new Uint32Array(length));
  const field = new Float32Array(8);

  const vertexOn = (x: number, y: number, z: number, corner: number, direction: number): number => {
    const [cx, cy, cz] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const ids = cy ? lowerIds : upperIds;
    const slot = ((x + cx) * depth + z + cz) * DIRECTIONS + direction - 1;
    if (ids[slot]) return ids[slot] - 1;
    const start = field[corner];
    const end = field[corner + direction];
    const t = Math.max(END_GAP, Math.min(1 - END_GAP, start / (start - end)));
    positions.push(x + cx + (direction & 1 ? t : 0));
    positions.push(y + cy + (direction & 2 ? t : 0));
    positions.push(z + cz + (direction & 4 ? t : 0));
    ids[slot] = positions.length / 3;
    return ids[slot] - 1;
  };

  fillLayer(0, lower);
  for (let y = 0; y < height - 1; y++) {
    [upper, lower] = [lower, upper];
    [upperIds, lowerIds] = [lowerIds, upperIds];
    lowerIds.fill(0);
    fillLayer(y + 1, lower);
    for (let x = 0; x < width - 1; x++) {
      for (let z = 0; z < depth - 1; z++) {
        const cell = x * depth + z;
        let insideCount = 0;
        for (let corner = 0; corner < 8; corner++) {
          const node = cell + (corner & 1 ? depth : 0) + (corner >> 2);
          field[corner] = corner & 2 ? lower[node] : upper[node];
          if (field[corner] > 0) insideCount++;
        }
        if (insideCount === 0 || insideCount === 8) continue;
        for (let t = 0; t < 6; t++) {
          const [a, b, c, d] = TETRAHEDRA[t];
          const bits =
            (field[a] > 0 ? 1 : 0) | (field[b] > 0 ? 2 : 0) | (field[c] > 0 ? 4 : 0) | (field[d] > 0 ? 8 : 0);
          const list = CASES[t][bits];
          for (let k = 0; k < list.length; k += 2) indices.push(vertexOn(x, y, z, list[k], list[k + 1]));
        }
      }
    }
  }
  return { positions: positions.finish(), indices: indices.finish() };
}
