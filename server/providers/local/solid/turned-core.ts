import { labelComponents } from "../image/components.ts";
import { createMask, createPlane } from "../image/picture.ts";
import { inflate } from "./inflation.ts";
import type { Silhouette } from "./silhouette.ts";
import type { Part } from "./solid.ts";

/** How far, in cells, what sticks out of the core (a handle, a spout) reaches into it. */
const OVERLAP = 6;

/** How much the two sides of a turned body may differ, cells and share of the radius. */
const JITTER_CELLS = 1;
const JITTER_SHARE = 0.03;

/** The part of a silhouette that is symmetric about an upright axis, as on a lathe. */
export interface TurnedCore {
  /** x of the axis, cells. */
  axis: number;
  /** Radius per row, cells; zero in rows without it. */
  radii: Float32Array;
  top: number;
  bottom: number;
  /** Share of the silhouette's area that the core covers. */
  share: number;
}

/** Where the run of inside cells around `axis` ends on either side of it, with fractions; null outside. */
function runAround({ distance, width }: Silhouette, y: number, axis: number): [number, number] | null {
  const at = (x: number) => distance.values[y * width + x];
  let left = Math.round(axis);
  let right = left;
  if (at(left) <= 0) return null;
  while (left > 0 && at(left - 1) > 0) left--;
  while (right < width - 1 && at(right + 1) > 0) right++;
  const fraction = (inner: number, outer: number) => at(inner) / (at(inner) - at(outer));
  return [left - fraction(left, left - 1), right + fraction(right, right + 1)];
}

function coreAround(silhouette: Silhouette, axis: number) {
  const radii = new Float32Array(silhouette.height);
  let area = 0;
  for (let y = silhouette.bounds.top; y < silhouette.bounds.bottom; y++) {
    const run = runAround(silhouette, y, axis);
    if (run === null) continue;
    const [left, right] = [axis - run[0], run[1] - axis];
    const least = Math.max(0, Math.min(left, right));
    area += 2 * least;
    // Both sides of a turned body differ by the outline's jitter only; their mean is what they stand for.
    radii[y] = Math.abs(left - right) < JITTER_CELLS + JITTER_SHARE * least ? (left + right) / 2 : least;
  }
  return { radii, area };
}

/** The axis whose symmetric core is largest. */
export function findTurnedCore(silhouette: Silhouette): TurnedCore {
  const { left, right } = silhouette.bounds;
  const total = silhouette.inside.values.reduce((sum, value) => sum + value, 0);
  let best = { axis: (left + right - 1) / 2, radii: new Float32Array(silhouette.height), area: 0 };
  for (let axis = left + 0.25 * (right - left); axis <= left + 0.75 * (right - left); axis += 0.5) {
    const { radii, area } = coreAround(silhouette, axis);
    if (area > best.area) best = { axis, radii, area };
  }
  const rows = Array.from(best.radii.keys()).filter((y) => best.radii[y] > 0);
  return {
    axis: best.axis,
    radii: best.radii,
    top: rows[0] ?? 0,
    bottom: rows[rows.length - 1] ?? 0,
    share: best.area / Math.max(1, total),
  };
}

/** The core as a body of revolution. */
export function revolve(silhouette: Silhouette, core: TurnedCore): Part {
  const { width, height, distance } = silhouette;
  const squaredThickness = createPlane(width, height);
  const radiusAt = (y: number) => {
    const [a, b, c] = [core.radii[y - 1], core.radii[y], core.radii[y + 1]];
    return a > 0 && c > 0 ? (a + 2 * b + c) / 4 : b;
  };
  for (let y = 0; y < height; y++) {
    const radius = radiusAt(y);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      // In the first rows beyond the ends the outline's distance closes the top and the bottom.
      squaredThickness.values[i] =
        radius > 0 ? radius * radius - (x - core.axis) ** 2 : Math.min(-0.5, distance.values[i]);
    }
  }
  return { squaredThickness, centre: null };
}

/** What sticks out of the core on one side, rounded and joined to it; parts too thin to matter are left out. */
export function protrusions(silhouette: Silhouette, core: TurnedCore): Part[] {
  return [-1, 1].flatMap((side) => protrusionOn(silhouette, core, side) ?? []);
}

function protrusionOn(silhouette: Silhouette, core: TurnedCore, side: number): Part | null {
  const { width, height, distance } = silhouette;
  const excess = createMask(width, height);
  const outside = createPlane(width, height);
  for (let i = 0; i < outside.values.length; i++) {
    const offset = ((i % width) - core.axis) * side;
    outside.values[i] = offset - core.radii[Math.floor(i / width)];
    excess.values[i] = offset > 0 && outside.values[i] > 2 && distance.values[i] > 0 ? 1 : 0;
  }
  const { labels, components } = labelComponents(excess);
  const least = 0.006 * silhouette.inside.values.reduce((sum, value) => sum + value, 0);
  const kept = components.filter(({ area, left, right }) => area > least && right - left > 3);
  if (kept.length === 0) return null;
  const rows = {
    top: Math.min(...kept.map((component) => component.top)) - OVERLAP,
    bottom: Math.max(...kept.map((component) => component.bottom)) + OVERLAP,
  };
  const limited = createPlane(width, height);
  for (let y = 0; y < height; y++) {
    const inRows = Math.min(y - rows.top, rows.bottom - y);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const isKept = labels[i] > 0 && kept.includes(components[labels[i] - 1]);
      const join = isKept ? OVERLAP : Math.min(outside.values[i] + OVERLAP, inRows);
      const beyondAxis = (x - core.axis) * side;
      limited.values[i] = Math.min(distance.values[i], join, beyondAxis);
    }
  }
  const deepest = limited.values.reduce((most, value) => Math.max(most, value), 0);
  return { squaredThickness: inflate(limited, Math.max(2, deepest)), centre: null };
}
