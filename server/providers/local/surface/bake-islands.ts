import { fillOutside } from "../image/fill-outside.ts";
import { createMask } from "../image/picture.ts";
import type { Mesh } from "../solid/marching-tetrahedra.ts";
import type { Texture } from "./front-texture.ts";
import { type Strip, texelOf } from "./pack-islands.ts";
import { type PlanarPlaces, surfacePoint } from "./planar-places.ts";

/** Texels outside a triangle that are still painted, so that its border has no gaps. */
const SLACK = 0.75;

/** Bilinear colour at `u`, `v` (0 to 1) written to `out` at `at`. */
function readColour(
  { width, height, rgb }: Texture,
  u: number,
  v: number,
  out: Uint8Array,
  at: number,
): void {
  const x = Math.max(0, Math.min(width - 1.001, u * width - 0.5));
  const y = Math.max(0, Math.min(height - 1.001, v * height - 0.5));
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
  const [s, t] = [x - x0, y - y0];
  for (let c = 0; c < 3; c++) {
    const above = rgb[(y0 * width + x0) * 3 + c] * (1 - s) + rgb[(y0 * width + x1) * 3 + c] * s;
    const below = rgb[(y1 * width + x0) * 3 + c] * (1 - s) + rgb[(y1 * width + x1) * 3 + c] * s;
    out[at + c] = Math.round(above * (1 - t) + below * t);
  }
}

/** Paints each texel of the strip with what the photo's continuation shows at its point of the surface; three bytes a texel. */
export function bakeIslands(
  mesh: Mesh,
  normals: Float32Array,
  strip: Strip,
  places: PlanarPlaces,
  front: Texture,
  back: Texture,
): Uint8Array {
  const { width, height, density } = strip;
  const rgb = new Uint8Array(width * height * 3);
  const painted = createMask(width, height);
  for (const island of strip.islands) {
    for (const t of island.triangles) {
      const corners = [...mesh.indices.subarray(3 * t, 3 * t + 3)];
      const points = corners.map((v) => surfacePoint(mesh, normals, v));
      const [[ax, ay], [bx, by], [cx, cy]] = corners.map((v) => texelOf(mesh, island, density, v));
      const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
      if (Math.abs(area) < 1e-9) continue;
      const slack =
        (SLACK * Math.max(Math.hypot(bx - ax, by - ay), Math.hypot(cx - ax, cy - ay))) / Math.abs(area);
      const [left, right] = [Math.min(ax, bx, cx), Math.max(ax, bx, cx)];
      const [top, bottom] = [Math.min(ay, by, cy), Math.max(ay, by, cy)];
      for (let y = Math.max(0, Math.floor(top - 1)); y < Math.min(height, bottom + 1); y++) {
        for (let x = Math.max(0, Math.floor(left - 1)); x < Math.min(width, right + 1); x++) {
          const [px, py] = [x + 0.5, y + 0.5];
          const b = ((px - ax) * (cy - ay) - (cx - ax) * (py - ay)) / area;
          const c = ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) / area;
          const a = 1 - b - c;
          if (Math.min(a, b, c) < -slack) continue;
          const isOwn = Math.min(a, b, c) >= 0;
          const i = y * width + x;
          if (!isOwn && painted.values[i]) continue;
          const mix = (k: "x" | "y" | "z" | "normalZ") =>
            a * points[0][k] + b * points[1][k] + c * points[2][k];
          const point = { x: mix("x"), y: mix("y"), z: mix("z"), normalZ: mix("normalZ") };
          const isFront = places.isFront(point);
          const [u, v] = places.inTexture(point, isFront);
          readColour(isFront ? front : back, u, v, rgb, i * 3);
          painted.values[i] = 1;
        }
      }
    }
  }
  return fillOutside(rgb, painted);
}
