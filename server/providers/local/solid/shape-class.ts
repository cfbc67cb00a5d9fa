import { blur } from "../image/blur.ts";
import { labelComponents } from "../image/components.ts";
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

/** Mean bend of the core's profile in shares of its radius: low for what a lathe makes. */
function profileRoughness({ radii, top, bottom }: TurnedCore): number {
  let bends = 0;
  let sum = 0;
  for (let y = top + 3; y < bottom - 3; y++) {
    bends += Math.abs(radii[y - 1] - 2 * radii[y] + radii[y + 1]);
    sum += radii[y];
  }
  return bends / Math.max(1e-6, sum);
}

/** Standard deviation of the core's radius in shares of its mean: near zero for a box. */
function profileVariation({ radii }: TurnedCore): number {
  const used = radii.filter((radius) => radius > 0);
  const mean = used.reduce((sum, radius) => sum + radius, 0) / Math.max(1, used.length);
  const squares = used.reduce((sum, radius) => sum + (radius - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, used.length)) / Math.max(1e-6, mean);
}

/** How far the bottom edge hangs in the middle, in shares of the core's width: a round foot seen from above. */
function bottomSag({ inside, width, height }: Silhouette, core: TurnedCore): number {
  const radius = core.radii.reduce((most, value) => Math.max(most, value), 0);
  const lowestAround = (offset: number) => {
    const x = Math.max(0, Math.min(width - 1, Math.round(core.axis + offset * radius)));
    let y = height - 1;
    while (y > 0 && !inside.values[y * width + x]) y--;
    return y;
  };
  const sides = Math.max(lowestAround(-0.75), lowestAround(0.75));
  return (lowestAround(0) - sides) / Math.max(1, 2 * radius);
}

/** Mean distance of the core's profile from an ellipse's, in shares of the largest radius. */
function ellipseDistance({ radii, top, bottom }: TurnedCore): number {
  const largest = radii.reduce((most, value) => Math.max(most, value), 1e-6);
  let sum = 0;
  for (let y = top; y <= bottom; y++) {
    const t = (2 * (y - top)) / Math.max(1, bottom - top) - 1;
    sum += Math.abs(radii[y] / largest - Math.sqrt(1 - t * t));
  }
  return sum / Math.max(1, bottom - top + 1);
}

/** Share of the silhouette that lies beside the core by more than its jitter. */
function excessShare({ inside, width }: Silhouette, core: TurnedCore): number {
  let area = 0;
  let excess = 0;
  inside.values.forEach((value, i) => {
    if (!value) return;
    area++;
    if (Math.abs((i % width) - core.axis) > core.radii[Math.floor(i / width)] + 2) excess++;
  });
  return excess / Math.max(1, area);
}

/** Whether one sees through the silhouette: between a handle and the body. */
function hasOpening({ inside }: Silhouette): boolean {
  const outside = { ...inside, values: Uint8Array.from(inside.values, (value) => 1 - value) };
  return labelComponents(outside).components.some(({ touchesBorder, area }) => !touchesBorder && area > 20);
}

/**
 * Symmetric about an upright axis with a smooth profile (one of several pieces, as a lamp's, where both sides are the
 * same), but for a handle, or for a handle and a spout; a plain ellipse is any round thing.
 */
function isTurned(silhouette: Silhouette, core: TurnedCore): boolean {
  if (ellipseDistance(core) < 0.1) return false;
  const excess = excessShare(silhouette, core);
  const sides = excess > 0.04 ? protrusions(silhouette, core).length : 0;
  const hasSpout = sides === 2 && excess < 0.18 && hasOpening(silhouette);
  const hasHandle = sides === 1 || hasSpout;
  const maxRoughness = excess < 0.015 ? 0.055 : hasSpout ? 0.04 : 0.012;
  if (profileRoughness(core) > maxRoughness) return false;
  if (excess > (hasHandle ? 0.35 : 0.04)) return false;
  return (
    hasHandle ||
    axisAlignment(silhouette) < 0.58 ||
    profileVariation(core) > 0.12 ||
    bottomSag(silhouette, core) > 0.03
  );
}

/**
 * Guesses from the outline alone whether the object was turned (cup, bottle, lamp), is boxy (sofa, cabinet, book)
 * or simply rounded (animal, shoe).
 */
export function classifyShape(silhouette: Silhouette, core: TurnedCore): ShapeClass {
  const { bounds, inside } = silhouette;
  const [width, height] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const coreWidth = 2 * core.radii.reduce((most, value) => Math.max(most, value), 0);
  if (height > 0.8 * coreWidth && isTurned(silhouette, core)) return "turned";
  const fill = inside.values.reduce((sum, value) => sum + value, 0) / (width * height);
  const isBoxy = smoothstep(0.45, 0.66, axisAlignment(silhouette)) * smoothstep(0.4, 0.6, fill) > 0.4;
  return isBoxy ? "boxy" : "rounded";
}
