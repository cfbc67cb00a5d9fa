import { blur } from "../image/blur.ts";
import { planeOf } from "../image/picture.ts";
import type { Silhouette } from "./silhouette.ts";
import { smoothstep } from "./smoothstep.ts";
import { protrusions, type TurnedCore } from "./turned-core.ts";

/** How the third dimension is guessed. */
export type ShapeClass = "turned" | "boxy" | "rounded";

/** Share of the outline, by strength, that runs upright or level. */
function axisAlignment({ inside, width, height }: Silhouette): number {
  const soft = blur(planeOf(inside), 2).values;
  let aligned = 0;
  let total = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const gx = soft[i + 1] - soft[i - 1];
      const gy = soft[i + width] - soft[i - width];
      const strength = Math.hypot(gx, gy);
      if (strength < 0.05) continue;
      const angle = Math.abs(Math.atan2(gy, gx)) % (Math.PI / 2);
      if (Math.min(angle, Math.PI / 2 - angle) < 0.16) aligned += strength;
      total += strength;
    }
  }
  return aligned / Math.max(1e-6, total);
}

/** How far the bottom edge hangs in the middle, in shares of the core's width: a round foot seen from above. */
function bottomSag({ inside, width, height, bounds }: Silhouette, core: TurnedCore): number {
  const radius = core.radii.reduce((most, value) => Math.max(most, value), 0);
  const lowest = (from: number, to: number) => {
    const ends: number[] = [];
    for (let x = Math.max(0, Math.round(from)); x <= Math.min(width - 1, Math.round(to)); x++) {
      let y = height - 1;
      while (y > bounds.top && !inside.values[y * width + x]) y--;
      ends.push(y);
    }
    return ends.reduce((sum, value) => sum + value, 0) / Math.max(1, ends.length);
  };
  const middle = lowest(core.axis - 0.15 * radius, core.axis + 0.15 * radius);
  const left = lowest(core.axis - 0.8 * radius, core.axis - 0.65 * radius);
  const right = lowest(core.axis + 0.65 * radius, core.axis + 0.8 * radius);
  return Math.min(middle - left, middle - right) / Math.max(1, 2 * radius);
}

/** A cup's handle or a jug's spout: it sticks out on one side only. */
function hasHandle(silhouette: Silhouette, core: TurnedCore): boolean {
  return protrusions(silhouette, core).length === 1;
}

/**
 * Guesses from the outline alone whether the object was turned (cup, bottle, lamp), is boxy (sofa, cabinet, book)
 * or simply rounded (animal, shoe).
 */
export function classifyShape(silhouette: Silhouette, core: TurnedCore): ShapeClass {
  const { bounds, inside } = silhouette;
  const [width, height] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const fill = inside.values.reduce((sum, value) => sum + value, 0) / (width * height);
  const aligned = axisAlignment(silhouette);
  const coreWidth = 2 * core.radii.reduce((most, value) => Math.max(most, value), 0);
  const isUpright = smoothstep(0.75, 0.95, height / coreWidth);
  const isCurved = Math.max(
    smoothstep(0.66, 0.5, aligned),
    smoothstep(0.015, 0.04, bottomSag(silhouette, core)),
    hasHandle(silhouette, core) ? 1 : 0,
  );
  if (smoothstep(0.72, 0.86, core.share) * isUpright * isCurved > 0.4) return "turned";
  return smoothstep(0.45, 0.66, aligned) * smoothstep(0.4, 0.6, fill) > 0.4 ? "boxy" : "rounded";
}
