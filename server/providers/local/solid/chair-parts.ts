import { labelComponents } from "../image/components.ts";
import { signedDistance } from "../image/distance-transform.ts";
import { open } from "../image/opening.ts";
import { createMask, createPlane, type Mask, type PixelRect, type Plane } from "../image/picture.ts";
import { inflate } from "./inflation.ts";
import type { Silhouette } from "./silhouette.ts";
import type { Part } from "./solid.ts";

/** Thinner than this share of the longer side is a leg, a stretcher or a slat. */
const THIN_SHARE = 0.035;
const MIN_LEG_SHARE = 0.25;
const MAX_SEAT_SHARE = 0.45;
const MAX_LEG_WIDTH_SHARE = 0.16;
/** Feet stand in the lower part of the space under the seat. */
const FEET_FROM = 0.4;
/** A photo taken from about 20° above shows depth foreshortened by this: 1 / sin 20°. */
const DEPTH_PER_HEIGHT = 2.9;
const OVERLAP = 6;

/** A seat on three or more thin legs, as a photo from slightly above shows it. */
interface Chair {
  seat: PixelRect;
  /** Signed distance of the seat alone. */
  seatDistance: Plane;
  /** Feet from the left; a foot that stands lower in the picture is nearer. */
  feet: { x: number; z: number; width: number }[];
  halfDepth: number;
}

interface Foot {
  x: number;
  bottom: number;
  width: number;
}

/** Runs of inside cells below `fromRow` that nothing carries: where legs end. Stretchers hang between legs. */
function findFeet({ width, height, values }: Mask, fromRow: number): Foot[] {
  const feet: Foot[] = [];
  for (let y = height - 2; y >= fromRow; y--) {
    let left = 0;
    while (left < width) {
      if (!values[y * width + left]) {
        left++;
        continue;
      }
      let right = left;
      let isCarried = false;
      for (; right < width && values[y * width + right]; right++) {
        if (values[(y + 1) * width + right]) isCarried = true;
      }
      const x = (left + right - 1) / 2;
      const goesOn = values[(y - 3) * width + Math.round(x)] === 1;
      if (!isCarried && goesOn) feet.push({ x, bottom: y + 1, width: right - left });
      left = right;
    }
  }
  return feet;
}

function findChair({ width, height, inside, bounds }: Silhouette): Chair | null {
  const [spanX, spanY] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const opened = open(inside, Math.max(2, THIN_SHARE * Math.max(spanX, spanY)));
  const bodies = labelComponents(opened);
  const seat = bodies.components.toSorted((a, b) => b.area - a.area)[0];
  if (seat === undefined) return null;
  const legHeight = bounds.bottom - seat.bottom;
  if (legHeight < MIN_LEG_SHARE * spanY || seat.bottom - seat.top > MAX_SEAT_SHARE * spanY) return null;

  const legs = findFeet(inside, seat.bottom + FEET_FROM * legHeight);
  if (legs.length < 3 || legs.length > 6) return null;
  if (legs.some((leg) => leg.width > MAX_LEG_WIDTH_SHARE * spanX)) return null;

  const seatMask = createMask(width, height);
  for (let i = 0; i < seatMask.values.length; i++) {
    seatMask.values[i] = bodies.labels[i] === seat.id ? 1 : 0;
  }
  const bottoms = legs.map((leg) => leg.bottom);
  const [nearest, farthest] = [Math.max(...bottoms), Math.min(...bottoms)];
  const seatWidth = seat.right - seat.left;
  const seen = DEPTH_PER_HEIGHT * (nearest - farthest);
  const halfDepth = 0.5 * Math.max(0.6 * seatWidth, Math.min(0.9 * seatWidth, seen));
  const feet = legs
    .map((leg) => {
      const share = nearest > farthest ? (leg.bottom - farthest) / (nearest - farthest) : 0.5;
      return { x: leg.x, width: leg.width, z: (2 * share - 1) * halfDepth * 0.85 };
    })
    .toSorted((a, b) => a.x - b.x);
  return { seat, seatDistance: signedDistance(seatMask), feet, halfDepth };
}

/** Each foot's depth over its own width, in between evenly from one to the next; outside the outermost foot's. */
function depthAt(feet: Chair["feet"], x: number): number {
  const right = feet.findIndex((foot) => foot.x >= x);
  if (right < 0) return feet[feet.length - 1].z;
  if (right === 0) return feet[0].z;
  const [a, b] = [feet[right - 1], feet[right]];
  const from = a.x + a.width / 2;
  const to = b.x - b.width / 2;
  const share = to > from ? (x - from) / (to - from) : x > (a.x + b.x) / 2 ? 1 : 0;
  return a.z + (b.z - a.z) * Math.max(0, Math.min(1, share));
}

/** A thick seat whose front slopes back towards its far edge, which the photo shows higher up. */
function seatPart({ distance }: Silhouette, { seat, seatDistance, halfDepth }: Chair): Part {
  const { width, height } = distance;
  const squaredThickness = createPlane(width, height);
  const centre = createPlane(width, height);
  const rounding = Math.max(3, 0.2 * (seat.bottom - seat.top));
  for (let y = 0; y < height; y++) {
    const down = Math.max(0, Math.min(1, (y - seat.top) / (0.6 * (seat.bottom - seat.top))));
    const front = (-0.4 + 1.4 * down) * halfDepth;
    const half = (front + halfDepth) / 2;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const q = Math.min(1, Math.min(distance.values[i], seatDistance.values[i] + 0.5) / rounding);
      squaredThickness.values[i] = half * half * (q <= 0 ? 3 * q : 1 - (1 - q) ** 3);
      centre.values[i] = (front - halfDepth) / 2;
    }
  }
  return { squaredThickness, centre };
}

/** The thin parts above (`side` −1) or below (1) the seat, rounded, joined to the seat, at the given depth. */
function thinPart(
  { distance }: Silhouette,
  { seat, seatDistance }: Chair,
  side: 1 | -1,
  depth: (x: number, halfThickness: number) => number,
): Part {
  const { width, height } = distance;
  const limited = createPlane(width, height);
  const middle = (seat.top + seat.bottom) / 2;
  for (let i = 0; i < limited.values.length; i++) {
    const y = Math.floor(i / width);
    const join = OVERLAP - seatDistance.values[i];
    limited.values[i] = Math.min(distance.values[i], join, (y - middle) * side);
  }
  const thickest = limited.values.reduce((most, value) => Math.max(most, value), 0);
  const halfThickness = Math.max(1.5, thickest);
  const squaredThickness = inflate(limited, halfThickness);
  const centre = createPlane(width, height);
  for (let i = 0; i < centre.values.length; i++) {
    const x = i % width;
    centre.values[i] = depth(x, halfThickness);
    // What runs aslant in depth is cut aslant along z: without this it would thin out.
    const slope = (depth(x + 1, halfThickness) - depth(x - 1, halfThickness)) / 2;
    squaredThickness.values[i] *= 1 + slope * slope;
  }
  return { squaredThickness, centre };
}

/** Seat, legs at their own depths and rest at the back; null when the silhouette is no chair, stool or table. */
export function chairParts(silhouette: Silhouette): Part[] | null {
  const chair = findChair(silhouette);
  if (chair === null) return null;
  return [
    seatPart(silhouette, chair),
    thinPart(silhouette, chair, 1, (x) => depthAt(chair.feet, x)),
    thinPart(silhouette, chair, -1, (_, halfThickness) => halfThickness - chair.halfDepth),
  ];
}
