import { createPlane, type PixelRect, type Plane } from "../image/picture.ts";
import { inflate } from "./inflation.ts";
import { type LegSplit, splitLegs } from "./legs.ts";
import type { Silhouette } from "./silhouette.ts";
import { smoothstep } from "./smoothstep.ts";
import type { Part } from "./solid.ts";

/** Whole depth of furniture as a share of the shorter side of its front. */
const DEPTH_SHARE = 0.8;
const ROUNDING_SHARE = 0.1;
/** A chair: long legs under a tall rest. */
const CHAIR_LEGS = 0.3;
const CHAIR_REST = 0.3;
const SEAT_SHARE = 0.14;
const REST_THICKNESS = 0.16;
/** How far the top of a wide piece (a sofa's rest) lies behind its front, as a share of the half depth. */
const RECLINE = 0.55;

/** How thick the body is at each height and where its middle lies, in half depths: front is +1, back −1. */
type DepthProfile = (y: number) => { front: number; back: number };

function profileFor({ bounds }: Silhouette, split: LegSplit | null): DepthProfile {
  const [spanX, spanY] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  if (split) {
    const legShare = (bounds.bottom - split.bodyBottom) / spanY;
    const restTop = (split.bodyBottom - bounds.top) / spanY;
    if (legShare > CHAIR_LEGS && restTop > CHAIR_REST && spanY > 1.1 * spanX) {
      const seatTop = split.bodyBottom - SEAT_SHARE * spanY;
      return (y) => ({
        front: 1 - (2 - 2 * REST_THICKNESS) * smoothstep(seatTop + 1.5, seatTop - 1.5, y),
        back: -1,
      });
    }
  }
  const recline = RECLINE * smoothstep(1.15, 1.6, spanX / spanY);
  return (y) => ({
    front: 1 - recline * Math.max(0, Math.min(1, (0.62 - (y - bounds.top) / spanY) / 0.5)),
    back: -1,
  });
}

function roundedBox(distance: Plane, halfDepth: number, rounding: number, profile: DepthProfile): Part {
  const { width, height } = distance;
  const squaredThickness = createPlane(width, height);
  const centre = createPlane(width, height);
  for (let y = 0; y < height; y++) {
    const { front, back } = profile(y);
    const half = ((front - back) / 2) * halfDepth;
    const radius = Math.min(rounding, half);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const q = Math.min(1, distance.values[i] / radius);
      // Linear at the outline and level where the rounding ends, steeper than a circle: a soft box edge.
      const rise = q <= 0 ? 3 * q : 1 - (1 - q) ** 3;
      squaredThickness.values[i] = half * half * rise;
      centre.values[i] = ((front + back) / 2) * halfDepth;
    }
  }
  return { squaredThickness, centre };
}

/** A leg as a rod that reaches up into the body, at depth `z`. */
function rods(silhouette: Silhouette, leg: PixelRect, reachUp: number, depths: number[]): Part[] {
  const { width, height, distance } = silhouette;
  const limited = createPlane(width, height);
  for (let i = 0; i < limited.values.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const middle = (leg.left + leg.right - 1) / 2;
    const half = (leg.right - leg.left) / 2;
    const inColumn = half + 1 - Math.abs(x - middle);
    const inRows = y - (leg.top - reachUp);
    const own = y >= leg.top ? distance.values[i] : Math.min(half, 6);
    limited.values[i] = Math.min(own, inColumn, inRows);
  }
  const thickness = limited.values.reduce((most, value) => Math.max(most, value), 0);
  const squaredThickness = inflate(limited, Math.max(1.5, thickness));
  return depths.map((z) => {
    const centre = createPlane(width, height);
    centre.values.fill(z);
    return { squaredThickness, centre };
  });
}

/** A box with rounded edges over the silhouette; thin legs stand at the front and at the back. */
export function boxyParts(silhouette: Silhouette): Part[] {
  const { bounds, distance } = silhouette;
  const shorter = Math.min(bounds.right - bounds.left, bounds.bottom - bounds.top);
  const halfDepth = 0.5 * DEPTH_SHARE * shorter;
  const deepest = distance.values.reduce((most, value) => Math.max(most, value), 0);
  const rounding = Math.max(3, Math.min(ROUNDING_SHARE * shorter, deepest));
  const split = splitLegs(silhouette);
  const body = roundedBox(split?.body ?? distance, halfDepth, rounding, profileFor(silhouette, split));
  if (split === null) return [body];
  const legs = split.legs.flatMap((leg) => {
    const half = (leg.right - leg.left) / 2;
    const offset = Math.max(0, halfDepth * 0.92 - half);
    return rods(silhouette, leg, rounding, [offset, -offset]);
  });
  return [body, ...legs];
}
