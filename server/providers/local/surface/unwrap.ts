import type { PixelRect } from "../image/picture.ts";
import type { Mesh } from "../solid/marching-tetrahedra.ts";
import type { Silhouette } from "../solid/silhouette.ts";
import type { Atlas } from "./atlas.ts";
import type { PhotoProjection } from "./photo-projection.ts";

export interface UnwrappedMesh {
  /** For each vertex the vertex of the closed mesh that it was split from. */
  sources: Uint32Array;
  /** Two per vertex, 0 to 1, v down. */
  textureCoordinates: Float32Array;
  indices: Uint32Array;
}

/**
 * Gives every vertex its place in the atlas. Triangles of the front and of the back lie in different charts;
 * vertices on the seam between them are doubled. `normals` belong to `mesh`; `rect` is the textures' crop of the photo.
 */
export function unwrap(
  mesh: Mesh,
  normals: Float32Array,
  projection: PhotoProjection,
  silhouette: Silhouette,
  rect: PixelRect,
  atlas: Pick<Atlas, "front" | "back">,
): UnwrappedMesh {
  const { positions } = mesh;
  const pointAt = (v: number) => ({
    x: positions[v * 3],
    y: positions[v * 3 + 1],
    z: positions[v * 3 + 2],
    normalZ: normals[v * 3 + 2],
  });
  const sides = Uint8Array.from({ length: positions.length / 3 }, (_, v) =>
    projection.isFront(pointAt(v)) ? 1 : 0,
  );
  const charts = [new Int32Array(sides.length).fill(-1), new Int32Array(sides.length).fill(-1)];
  const sources: number[] = [];
  const coordinates: number[] = [];
  const vertexIn = (v: number, isFront: boolean) => {
    const ids = charts[isFront ? 0 : 1];
    if (ids[v] >= 0) return ids[v];
    const [x, y] = projection.project(pointAt(v), isFront);
    const { offset, scale } = isFront ? atlas.front : atlas.back;
    const place = [
      (silhouette.originX + x * silhouette.step + 0.5 - rect.left) / (rect.right - rect.left),
      (silhouette.originY + y * silhouette.step + 0.5 - rect.top) / (rect.bottom - rect.top),
    ];
    for (const axis of [0, 1]) {
      coordinates.push(offset[axis] + scale[axis] * Math.max(0.004, Math.min(0.996, place[axis])));
    }
    ids[v] = sources.length;
    sources.push(v);
    return ids[v];
  };
  const indices = new Uint32Array(mesh.indices.length);
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = mesh.indices.subarray(t, t + 3);
    const isFront = sides[a] + sides[b] + sides[c] >= 2;
    indices.set([vertexIn(a, isFront), vertexIn(b, isFront), vertexIn(c, isFront)], t);
  }
  return {
    sources: Uint32Array.from(sources),
    textureCoordinates: Float32Array.from(coordinates),
    indices,
  };
}
