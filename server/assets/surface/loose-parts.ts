/** The loose part of each corner, numbered from 0; corners that no triangle uses have none (`NO_PART`). */
export interface LooseParts {
  count: number;
  ofCorner: Int32Array;
}

const NO_PART = -1;

/** Triangles that share a corner hang together; three indices make a triangle (union by path halving). */
export function findLooseParts(triangles: Uint32Array, cornerCount: number): LooseParts {
  const parents = Uint32Array.from({ length: cornerCount }, (_, corner) => corner);
  const rootOf = (start: number) => {
    let corner = start;
    while (parents[corner] !== corner) {
      parents[corner] = parents[parents[corner]];
      corner = parents[corner];
    }
    return corner;
  };
  for (let at = 0; at < triangles.length; at += 3) {
    const root = rootOf(triangles[at]);
    parents[rootOf(triangles[at + 1])] = root;
    parents[rootOf(triangles[at + 2])] = root;
  }
  const ofCorner = new Int32Array(cornerCount).fill(NO_PART);
  const numbers = new Int32Array(cornerCount).fill(NO_PART);
  let count = 0;
  for (const corner of triangles) {
    const root = rootOf(corner);
    if (numbers[root] === NO_PART) numbers[root] = count++;
    ofCorner[corner] = numbers[root];
  }
  return { count, ofCorner };
}
