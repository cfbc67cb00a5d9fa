/** What the edges of a surface tell; an edge is what two corners have between them, whoever draws it. */
export interface EdgeCounts {
  /** Edges of one triangle only. */
  open: number;
  /** Edges of more than two triangles. */
  nonManifold: number;
  /** Edges of two triangles that run along it in the same direction: one of them is inside out. */
  flipped: number;
}

/** Counts edges by their uses: a sorted list is faster and smaller than a Map. Three indices make a triangle. */
export function countEdges(triangles: Uint32Array): EdgeCounts {
  const edges = new Float64Array(triangles.length);
  for (let at = 0; at < triangles.length; at++) {
    const from = triangles[at];
    const to = triangles[at % 3 === 2 ? at - 2 : at + 1];
    // Both directions of an edge sort next to each other: an even number, then the odd one after it.
    edges[at] = from < to ? (from * 2 ** 25 + to) * 2 : (to * 2 ** 25 + from) * 2 + 1;
  }
  edges.sort();
  const counts: EdgeCounts = { open: 0, nonManifold: 0, flipped: 0 };
  for (let at = 0; at < edges.length; ) {
    const edge = Math.floor(edges[at] / 2);
    let end = at + 1;
    while (end < edges.length && Math.floor(edges[end] / 2) === edge) end++;
    const uses = end - at;
    if (uses === 1) counts.open++;
    else if (uses > 2) counts.nonManifold++;
    else if (edges[at] === edges[at + 1]) counts.flipped++;
    at = end;
  }
  return counts;
}
