import type { Box } from "../../../../server/contract/generation.ts";

export interface Point {
  x: number;
  y: number;
}

/** The smallest side that the server accepts, as a fraction of the photo. */
export const SMALLEST_SIDE = 0.02;

/** Where a first box stands when it is placed without drawing. */
export const FIRST_BOX: Box = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** The box between two corners in any order, kept inside the photo and not smaller than allowed. */
export function boxBetween(a: Point, b: Point): Box {
  const left = clamp(Math.min(a.x, b.x), 0, 1 - SMALLEST_SIDE);
  const top = clamp(Math.min(a.y, b.y), 0, 1 - SMALLEST_SIDE);
  const right = clamp(Math.max(a.x, b.x), left + SMALLEST_SIDE, 1);
  const bottom = clamp(Math.max(a.y, b.y), top + SMALLEST_SIDE, 1);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The box moved, without leaving the photo. */
export function moveBox(box: Box, dx: number, dy: number): Box {
  return { ...box, x: clamp(box.x + dx, 0, 1 - box.width), y: clamp(box.y + dy, 0, 1 - box.height) };
}

/** The box made larger or smaller at its right and lower sides. */
export function resizeBox(box: Box, dx: number, dy: number): Box {
  return {
    ...box,
    width: clamp(box.width + dx, SMALLEST_SIDE, 1 - box.x),
    height: clamp(box.height + dy, SMALLEST_SIDE, 1 - box.y),
  };
}

export const CORNERS = ["nw", "ne", "sw", "se"] as const;
export type Corner = (typeof CORNERS)[number];

/** The corner across from the given one: it stays while the given one is dragged. */
export function oppositeCorner(box: Box, corner: Corner): Point {
  return {
    x: corner.endsWith("w") ? box.x + box.width : box.x,
    y: corner.startsWith("n") ? box.y + box.height : box.y,
  };
}
