import type { TexturedMesh } from "./read-model.ts";

const MAX_STRETCH = 5;

/** Share of the surface whose texture is stretched more than five times as much one way as the other. */
export function stretchedShare({ positions, coordinates, indices, texture }: TexturedMesh): number {
  let all = 0;
  let stretched = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = indices.subarray(t, t + 3);
    const edge = (to: number) => [0, 1, 2].map((k) => positions[to * 3 + k] - positions[a * 3 + k]);
    const texel = (to: number) => [
      (coordinates[to * 2] - coordinates[a * 2]) * texture.width,
      (coordinates[to * 2 + 1] - coordinates[a * 2 + 1]) * texture.height,
    ];
    const [u, v] = [edge(b), edge(c)];
    const length = Math.hypot(...u);
    if (length === 0) continue;
    const along = u.reduce((sum, value, k) => sum + (value / length) * v[k], 0);
    const up = Math.sqrt(Math.max(0, v.reduce((sum, value) => sum + value * value, 0) - along * along));
    if (up === 0) continue;
    const [[ux, uy], [vx, vy]] = [texel(b), texel(c)];
    // Texels a metre along the triangle's own two axes; their matrix' singular values are the two scales.
    const [m00, m10] = [ux / length, uy / length];
    const [m01, m11] = [(vx - m00 * along) / up, (vy - m10 * along) / up];
    const squares = m00 * m00 + m10 * m10 + m01 * m01 + m11 * m11;
    const determinant = Math.abs(m00 * m11 - m01 * m10);
    const root = Math.sqrt(Math.max(0, squares * squares - 4 * determinant * determinant));
    const area = 0.5 * length * up;
    all += area;
    if ((squares + root) / 2 > MAX_STRETCH ** 2 * Math.max(1e-9, (squares - root) / 2)) stretched += area;
  }
  return stretched / Math.max(1e-12, all);
}
