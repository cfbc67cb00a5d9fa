import type { Plane } from "../image/picture.ts";

/**
 * One part of a solid over the picture plane: at (x, y) it reaches from `centre − h` to `centre + h` along z, h being
 * the root of `squaredThickness`; there is nothing where that is negative. Lengths in cells, y down, z to the viewer.
 */
export interface Part {
  squaredThickness: Plane;
  centre: Plane | null;
}

/** A union of parts, cut flat at `floor` (largest y that is still inside) and at `ceiling` where given. */
export interface Solid {
  width: number;
  height: number;
  parts: Part[];
  floor: number;
  /** Half of the extent along z. */
  reach: number;
}

/**
 * Field of the solid at the grid column (x, y), one value per z of `depths`: positive inside, zero on the
 * surface, close to the distance (cells) near it.
 */
export function fillColumn(
  solid: Solid,
  x: number,
  y: number,
  depths: Float32Array,
  out: Float32Array,
): void {
  const i = y * solid.width + x;
  const belowFloor = solid.floor - y;
  out.fill(-1e3);
  for (const { squaredThickness, centre } of solid.parts) {
    const squared = squaredThickness.values[i];
    // The same measure on both sides of the outline, so that it is met half-way between a cell inside and one outside.
    const thickness = Math.sqrt(Math.abs(squared));
    const middle = centre === null ? 0 : centre.values[i];
    for (let k = 0; k < depths.length; k++) {
      const z = depths[k] - middle;
      const field = (squared - z * z) / (thickness + Math.abs(z) + 0.75);
      if (field > out[k]) out[k] = field;
    }
  }
  for (let k = 0; k < depths.length; k++) if (belowFloor < out[k]) out[k] = belowFloor;
}

/** How far the parts reach from z = 0, cells. */
export function reachOf(parts: Part[]): number {
  let reach = 0;
  for (const { squaredThickness, centre } of parts) {
    squaredThickness.values.forEach((squared, i) => {
      if (squared <= 0) return;
      reach = Math.max(reach, Math.sqrt(squared) + Math.abs(centre === null ? 0 : centre.values[i]));
    });
  }
  return reach;
}
