/** Triangles with every face once, and those that were there once for each side. */
export interface SingleFaces {
  triangles: Uint32Array;
  /** Faces that face both ways, one of each; a sheet without thickness or a wall inside. */
  doubled: Uint32Array;
  removed: number;
}

/** Takes copies of faces away; a face and its mirror image enclose nothing together. */
export function singleFaces(triangles: Uint32Array): SingleFaces {
  const faces = new Map<string, { first: number; forward: number; backward: number }>();
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at], triangles[at + 1], triangles[at + 2]];
    const least = corners.indexOf(Math.min(...corners));
    const [a, b, c] = [0, 1, 2].map((step) => corners[(least + step) % 3]);
    const isForward = b < c;
    const key = isForward ? `${a},${b},${c}` : `${a},${c},${b}`;
    const face = faces.get(key) ?? { first: at, forward: 0, backward: 0 };
    if (isForward) face.forward++;
    else face.backward++;
    faces.set(key, face);
  }
  const single: number[] = [];
  const doubled: number[] = [];
  for (const { first, forward, backward } of faces.values()) {
    (forward > 0 && backward > 0 ? doubled : single).push(...triangles.subarray(first, first + 3));
  }
  const kept = (single.length + doubled.length) / 3;
  return {
    triangles: Uint32Array.from(single),
    doubled: Uint32Array.from(doubled),
    removed: triangles.length / 3 - kept,
  };
}
