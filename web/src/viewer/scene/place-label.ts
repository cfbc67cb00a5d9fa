import { type Camera, Vector3 } from "three";
import type { Vec3 } from "../box.ts";

const scratch = new Vector3();

/** Moves an element of the overlay to where a point is seen; hides it where the point is outside of the picture. */
export function placeLabel(
  element: HTMLElement,
  point: Vec3,
  camera: Camera,
  size: { width: number; height: number },
): void {
  const { x, y, z } = scratch.set(...point).project(camera);
  const seen = z < 1 && Math.abs(x) < 1.1 && Math.abs(y) < 1.1;
  element.style.visibility = seen ? "visible" : "hidden";
  const left = ((x + 1) / 2) * size.width;
  const top = ((1 - y) / 2) * size.height;
  const insideX = `clamp(4px, ${left}px - 50%, ${size.width - 4}px - 100%)`;
  element.style.transform = `translate(${insideX}, calc(${top}px - 50%))`;
}
