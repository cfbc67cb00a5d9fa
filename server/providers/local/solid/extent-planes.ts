import { createPlane, type Plane } from "../image/picture.ts";
import type { Solid } from "./solid.ts";

/** z of the foremost and of the hindmost surface over the picture plane, cells; zero where there is none. */
export function extentPlanes({ width, height, parts }: Solid): { front: Plane; back: Plane } {
  const front = createPlane(width, height);
  const back = createPlane(width, height);
  for (let i = 0; i < front.values.length; i++) {
    let [nearest, farthest] = [-Infinity, Infinity];
    for (const { squaredThickness, centre } of parts) {
      const squared = squaredThickness.values[i];
      if (squared <= 0) continue;
      const middle = centre === null ? 0 : centre.values[i];
      nearest = Math.max(nearest, middle + Math.sqrt(squared));
      farthest = Math.min(farthest, middle - Math.sqrt(squared));
    }
    if (nearest > farthest) {
      front.values[i] = nearest;
      back.values[i] = farthest;
    }
  }
  return { front, back };
}
