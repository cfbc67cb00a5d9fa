import { type PointerEvent, useRef } from "react";
import type { Box } from "../../../../server/contract/generation.ts";
import { boxBetween, type Corner, moveBox, oppositeCorner, type Point } from "./box-geometry.ts";

/** A drag in progress: what the pointer's new place makes of the box. */
type Drag = (point: Point) => Box;

/** A shorter way than this, as a fraction of the photo, is a click and draws nothing. */
const CLICK = 0.015;

/**
 * Pointer handlers for the photo: the mouse or pen draws a new box anywhere; the box and its corners can be dragged
 * by touch too, while touching elsewhere scrolls the page.
 */
export function useBoxDrag(box: Box | null, onChange: (box: Box) => void) {
  const drag = useRef<Drag | null>(null);

  const pointOf = (event: PointerEvent<HTMLElement>): Point => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  };

  const begin = (event: PointerEvent<HTMLElement>): Drag | null => {
    const start = pointOf(event);
    const { part } = (event.target as HTMLElement).dataset;
    if (box && part === "box") return (point) => moveBox(box, point.x - start.x, point.y - start.y);
    if (box && part) {
      const anchor = oppositeCorner(box, part as Corner);
      return (point) => boxBetween(anchor, point);
    }
    return event.pointerType === "touch" ? null : (point) => boxBetween(start, point);
  };

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      const start = pointOf(event);
      const next = begin(event);
      if (!next) return;
      let moved = false;
      drag.current = (point) => {
        moved ||= Math.hypot(point.x - start.x, point.y - start.y) > CLICK;
        return moved ? next(point) : (box ?? next(point));
      };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (drag.current) onChange(drag.current(pointOf(event)));
    },
    onPointerUp() {
      drag.current = null;
    },
    onPointerCancel() {
      drag.current = null;
    },
  };
}
