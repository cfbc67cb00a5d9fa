import { blur } from "../image/blur.ts";
import { createPlane } from "../image/picture.ts";
import type { Silhouette } from "./silhouette.ts";
import { reachOf, type Solid } from "./solid.ts";

/** Shares of the longer side. */
const SLAB = 0.03;
const RELIEF = 0.07;
const RIM_CELLS = 2;

/**
 * A panel whose front carries the whole picture in relief: what is lower in the picture is taken to be nearer, and
 * lighter than its surroundings to be raised.
 */
export function reliefSolid(silhouette: Silhouette): Solid {
  const { width, height, distance, luminance, bounds } = silhouette;
  const longer = Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top);
  const fine = blur(luminance, 1).values;
  const broad = blur(luminance, 0.05 * longer).values;
  const squaredThickness = createPlane(width, height);
  const centre = createPlane(width, height);
  for (let i = 0; i < fine.length; i++) {
    const lower = (Math.floor(i / width) - bounds.top) / (bounds.bottom - bounds.top);
    const detail = Math.max(-0.3, Math.min(0.3, fine[i] - broad[i]));
    const raised = Math.max(0, Math.min(1, 0.2 + 0.5 * lower + detail));
    const half = (SLAB + RELIEF * raised) * longer * 0.5;
    const q = Math.min(1, distance.values[i] / RIM_CELLS);
    squaredThickness.values[i] = half * half * (q <= 0 ? 2 * q : 1 - (1 - q) ** 2);
    centre.values[i] = half;
  }
  const parts = [{ squaredThickness, centre }];
  return { width, height, parts, floor: bounds.bottom - 0.75, reach: reachOf(parts) };
}
