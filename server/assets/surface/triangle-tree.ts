const LEAF_TRIANGLES = 6;
const MAX_DEPTH = 64;

/**
 * A tree of boxes around triangles (bounding volume hierarchy, split at the middle triangle of the longest side).
 * Nodes are numbered in depth-first order: a node's first child follows it.
 */
export interface TriangleTree {
  positions: Float64Array;
  triangles: Uint32Array;
  /** Numbers of triangles, those of a node next to each other. */
  order: Uint32Array;
  /** Six numbers a node: least, then greatest corner. */
  bounds: Float64Array;
  /** Three numbers a node: first entry of `order`, how many, and the node's second child (0 is a leaf). */
  nodes: Uint32Array;
}

/** Three indices make a triangle; some 100 bytes of memory each. */
export function buildTree(positions: Float64Array, triangles: Uint32Array): TriangleTree {
  const count = triangles.length / 3;
  const middles = new Float64Array(count * 3);
  for (let triangle = 0; triangle < count; triangle++) {
    for (let axis = 0; axis < 3; axis++) {
      for (let corner = 0; corner < 3; corner++) {
        middles[triangle * 3 + axis] += positions[triangles[triangle * 3 + corner] * 3 + axis] / 3;
      }
    }
  }
  const order = Uint32Array.from({ length: count }, (_, triangle) => triangle);
  const capacity = Math.max(1, Math.ceil(count / LEAF_TRIANGLES) * 4);
  const bounds = new Float64Array(capacity * 6);
  const nodes = new Uint32Array(capacity * 3);
  let used = 0;
  const split = (first: number, size: number, depth: number): number => {
    const node = used++;
    bounds.fill(Infinity, node * 6, node * 6 + 3).fill(-Infinity, node * 6 + 3, node * 6 + 6);
    for (let at = first; at < first + size; at++) {
      for (let corner = 0; corner < 3; corner++) {
        const from = triangles[order[at] * 3 + corner] * 3;
        for (let axis = 0; axis < 3; axis++) {
          const value = positions[from + axis];
          if (value < bounds[node * 6 + axis]) bounds[node * 6 + axis] = value;
          if (value > bounds[node * 6 + 3 + axis]) bounds[node * 6 + 3 + axis] = value;
        }
      }
    }
    nodes[node * 3] = first;
    nodes[node * 3 + 1] = size;
    if (size <= LEAF_TRIANGLES || depth === MAX_DEPTH) return node;
    const sides = [0, 1, 2].map((axis) => bounds[node * 6 + 3 + axis] - bounds[node * 6 + axis]);
    const axis = sides.indexOf(Math.max(...sides));
    const own = order.subarray(first, first + size);
    own.sort((a, b) => middles[a * 3 + axis] - middles[b * 3 + axis]);
    const half = size >> 1;
    split(first, half, depth + 1);
    nodes[node * 3 + 2] = split(first + half, size - half, depth + 1);
    return node;
  };
  if (count > 0) split(0, count, 0);
  return { positions, triangles, order, bounds, nodes };
}

/** Calls `visit` with every triangle in a leaf whose box `isNear` accepts (offset into `bounds`). */
export function walkTree(
  { order, nodes }: TriangleTree,
  isNear: (boundsAt: number) => boolean,
  visit: (triangle: number) => void,
): void {
  if (order.length === 0) return;
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isNear(node * 6)) continue;
    const second = nodes[node * 3 + 2];
    if (second) waiting.push(second, node + 1);
    else {
      const first = nodes[node * 3];
      for (let at = first; at < first + nodes[node * 3 + 1]; at++) visit(order[at]);
    }
  }
}
