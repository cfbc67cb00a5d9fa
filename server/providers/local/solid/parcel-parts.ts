import { createPlane } from "../image/picture.ts";
import type { Silhouette } from "./silhouette.ts";
import type { Part } from "./solid.ts";

/** A box seen over its edge: the lower outline is a V and the two sides are upright. */
interface Parcel {
  left: number;
  right: number;
  /** x of the nearest upright edge. */
  edge: number;
  /** How steeply the lower outline rises to the left and to the right. */
  riseLeft: number;
  riseRight: number;
  /** Height of the upright faces, cells. */
  height: number;
}

/** Of the outline's height: how far the fitted lines may miss it. */
const MAX_MISS = 0.025;
const MIN_RISE = 0.06;
const MAX_RISE = 0.8;
/** A depth may not differ more than this from the width that goes with it. */
const MAX_DEPTH_PER_WIDTH = 2.5;
/** The surface falls off this steeply at the rim, so that it closes. */
const RIM_CELLS = 2;

/** First and last inside row of a column; null where there is none. */
function columnSpan({ inside, height, width }: Silhouette, x: number): [number, number] | null {
  let [top, bottom] = [-1, -1];
  for (let y = 0; y < height; y++) {
    if (!inside.values[y * width + x]) continue;
    if (top < 0) top = y;
    bottom = y;
  }
  return top < 0 ? null : [top, bottom];
}

/** Least-squares line through the points; answers its slope and its mean miss. */
function fitLine(points: [number, number][]): { slope: number; miss: number } {
  const n = Math.max(1, points.length);
  const [mx, my] = [0, 1].map((k) => points.reduce((sum, point) => sum + point[k], 0) / n);
  const squares = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 1e-6);
  const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / squares;
  const miss = points.reduce((sum, [x, y]) => sum + Math.abs(y - my - slope * (x - mx)), 0) / n;
  return { slope, miss };
}

function findParcel(silhouette: Silhouette): Parcel | null {
  const { bounds } = silhouette;
  const [left, right] = [bounds.left, bounds.right - 1];
  const inset = Math.max(3, Math.round(0.04 * (right - left)));
  const spans: { x: number; top: number; bottom: number }[] = [];
  for (let x = left + inset; x <= right - inset; x++) {
    const span = columnSpan(silhouette, x);
    if (span === null) return null;
    spans.push({ x, top: span[0], bottom: span[1] });
  }
  if (spans.length < 30) return null;
  const edge = spans.reduce((lowest, span) => (span.bottom > lowest.bottom ? span : lowest)).x;
  const near = 4;
  const legs = [spans.filter(({ x }) => x < edge - near), spans.filter(({ x }) => x > edge + near)];
  if (legs.some((leg) => leg.length < 0.12 * spans.length)) return null;
  const [one, other] = legs.map((leg) => fitLine(leg.map(({ x, bottom }) => [x, bottom])));
  const [riseLeft, riseRight] = [one.slope, -other.slope];
  const allowed = MAX_MISS * (bounds.bottom - bounds.top);
  if (Math.max(one.miss, other.miss) > allowed) return null;
  if (Math.min(riseLeft, riseRight) < MIN_RISE || Math.max(riseLeft, riseRight) > MAX_RISE) return null;
  const ends = [spans[0], spans[spans.length - 1]];
  const height = (ends[0].bottom - ends[0].top + ends[1].bottom - ends[1].top) / 2;
  return height > 0.3 * (bounds.bottom - bounds.top)
    ? { left, right, edge, riseLeft, riseRight, height }
    : null;
}

/**
 * A box that stands over its edge, as deep as the slopes of its lower outline say: without perspective both faces rise
 * by depth · sin(elevation), and they are at right angles, so the elevation's sine is the root of both slopes' product.
 * Its top, which the photo shows from above, slopes back. Null when the outline is no such box.
 */
export function parcelParts(silhouette: Silhouette): Part[] | null {
  const parcel = findParcel(silhouette);
  if (parcel === null) return null;
  const { left, right, edge, riseLeft, riseRight, height: faceHeight } = parcel;
  const [wideLeft, wideRight] = [edge - left, right - edge];
  const ratio = Math.sqrt(riseLeft / riseRight);
  const limit = (depth: number, wide: number) => Math.min(depth, MAX_DEPTH_PER_WIDTH * wide);
  const deepLeft = limit(wideLeft * ratio, wideLeft);
  const deepRight = limit(wideRight / ratio, wideRight);
  const whole = deepLeft + deepRight;
  // The four upright edges of the plan: nearest, left, right and farthest, z from the nearest one.
  const farX = left + right - edge;
  const front = (x: number) =>
    x < edge ? (-deepLeft * (edge - x)) / wideLeft : (-deepRight * (x - edge)) / wideRight;
  const back = (x: number) =>
    x < farX
      ? -deepLeft - (deepRight * (x - left)) / Math.max(1, farX - left)
      : -deepRight - (deepLeft * (right - x)) / Math.max(1, right - farX);
  const { width, height, distance } = silhouette;
  const squaredThickness = createPlane(width, height);
  const centre = createPlane(width, height);
  for (let x = 0; x < width; x++) {
    const inX = Math.max(left, Math.min(right, x));
    const span = columnSpan(silhouette, inX) ?? [0, height - 1];
    const topEdge = span[1] - faceHeight;
    for (let y = 0; y < height; y++) {
      const i = y * width + x;
      const up = topEdge > span[0] + 1 ? Math.max(0, Math.min(1, (topEdge - y) / (topEdge - span[0]))) : 0;
      const rear = back(inX);
      const face = front(inX) + (rear + RIM_CELLS - front(inX)) * up;
      const half = Math.max(1, (face - rear) / 2);
      const q = Math.min(1, distance.values[i] / RIM_CELLS);
      squaredThickness.values[i] = half * half * (q <= 0 ? 3 * q : 1 - (1 - q) ** 3);
      centre.values[i] = (face + rear) / 2 + whole / 2;
    }
  }
  return [{ squaredThickness, centre }];
}
