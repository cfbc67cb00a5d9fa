import { blur, weightedBlur } from "../image/blur.ts";
import { createPlane, type Plane, planeOf, sample } from "../image/picture.ts";
import type { Mesh } from "../solid/marching-tetrahedra.ts";
import type { GuessedShape } from "../solid/object-solid.ts";
import type { Silhouette } from "../solid/silhouette.ts";
import { smoothstep } from "../solid/smoothstep.ts";

/** Height of the relief as a share of the object's longer side. */
const AMPLITUDE: Record<GuessedShape, number> = {
  turned: 0.002,
  boxy: 0.009,
  box: 0.001,
  chair: 0.003,
  rounded: 0.008,
};

/** Local contrast of the picture as a height in cells: lighter is raised, darker sunk. */
function detailOf(silhouette: Silhouette, amplitude: number): Plane {
  const { width, height, luminance, inside, bounds } = silhouette;
  const longer = Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top);
  const weight = planeOf(inside);
  const fine = weightedBlur(luminance, weight, 1.5);
  const broad = weightedBlur(luminance, weight, Math.max(3, 0.035 * longer));
  const detail = createPlane(width, height);
  let squares = 0;
  let count = 0;
  for (let i = 0; i < detail.values.length; i++) {
    if (!inside.values[i]) continue;
    detail.values[i] = fine.values[i] - broad.values[i];
    squares += detail.values[i] ** 2;
    count++;
  }
  const deviation = Math.sqrt(squares / Math.max(1, count));
  const strength = amplitude * longer * Math.min(1, deviation / 0.03);
  for (let i = 0; i < detail.values.length; i++) {
    const relative = detail.values[i] / Math.max(0.02, deviation);
    detail.values[i] = Math.max(-1.5, Math.min(1, relative)) * strength;
  }
  return blur(detail, 1);
}

/** Raises and sinks the front of the mesh (positions in cells) by the picture's own shading, in place. */
export function addPictureRelief(
  mesh: Mesh,
  silhouette: Silhouette,
  front: Plane,
  shape: GuessedShape,
): void {
  const detail = detailOf(silhouette, AMPLITUDE[shape]);
  const { positions } = mesh;
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = [positions[i], positions[i + 1], positions[i + 2]];
    const surface = sample(front, x, y);
    const isFront = smoothstep(0.6, 0.95, z / Math.max(1, surface));
    const fromRim = smoothstep(2, 8, sample(silhouette.distance, x, y));
    const limit = 0.3 * Math.abs(z);
    positions[i + 2] += Math.max(-limit, Math.min(limit, sample(detail, x, y))) * isFront * fromRim;
  }
}
