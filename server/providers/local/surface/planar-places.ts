import type { PixelRect } from "../image/picture.ts";
import type { Mesh } from "../solid/marching-tetrahedra.ts";
import type { Silhouette } from "../solid/silhouette.ts";
import type { PhotoProjection, SurfacePoint } from "./photo-projection.ts";

/** Where points of the surface lie on the photo and in the two textures made of it. */
export class PlanarPlaces {
  readonly #projection: PhotoProjection;
  readonly #silhouette: Silhouette;
  readonly #rect: PixelRect;

  /** `rect` is the textures' crop of the photo. */
  constructor(projection: PhotoProjection, silhouette: Silhouette, rect: PixelRect) {
    this.#projection = projection;
    this.#silhouette = silhouette;
    this.#rect = rect;
  }

  isFront(point: SurfacePoint): boolean {
    return this.#projection.isFront(point);
  }

  /** Position on the photo in cells. */
  onPhoto(point: SurfacePoint, onFront: boolean): [number, number] {
    return this.#projection.project(point, onFront);
  }

  /** Position in the front's or the back's texture, 0 to 1. */
  inTexture(point: SurfacePoint, onFront: boolean): [number, number] {
    const { originX, originY, step } = this.#silhouette;
    const { left, top, right, bottom } = this.#rect;
    const [x, y] = this.#projection.project(point, onFront);
    const place = [
      (originX + x * step + 0.5 - left) / (right - left),
      (originY + y * step + 0.5 - top) / (bottom - top),
    ];
    const [u, v] = place.map((share) => Math.max(0.004, Math.min(0.996, share)));
    return [u, v];
  }

  /** Cells across the textures. */
  get cellsAcross(): number {
    return (this.#rect.right - this.#rect.left) / this.#silhouette.step;
  }
}

/** A vertex as the projection wants it; `normals` belong to `mesh`. */
export function surfacePoint({ positions }: Mesh, normals: Float32Array, v: number): SurfacePoint {
  return {
    x: positions[v * 3],
    y: positions[v * 3 + 1],
    z: positions[v * 3 + 2],
    normalZ: normals[v * 3 + 2],
  };
}

/** For each triangle whether it takes its colours from the front: one, or from the back: zero. */
export function trianglesOfFront(mesh: Mesh, normals: Float32Array, places: PlanarPlaces): Uint8Array {
  const sides = Uint8Array.from({ length: mesh.positions.length / 3 }, (_, v) =>
    places.isFront(surfacePoint(mesh, normals, v)) ? 1 : 0,
  );
  return Uint8Array.from({ length: mesh.indices.length / 3 }, (_, t) => {
    const [a, b, c] = mesh.indices.subarray(3 * t, 3 * t + 3);
    return sides[a] + sides[b] + sides[c] >= 2 ? 1 : 0;
  });
}
