import type { Hotspot } from "../../../server/contract/viewing.ts";
import { type Box, boxSize, type Vec3 } from "./box.ts";

type Triple = Hotspot["position"];
const perAxis = (value: (axis: number) => number): Triple => [value(0), value(1), value(2)];
const rounded = (value: number) => Math.round(value * 1e5) / 1e5;

/** A point in metres as shares of the box along its axes; 0.5 along an axis on which the box has no extent. */
export function toShares(box: Box, point: Vec3): Triple {
  const size = boxSize(box);
  return perAxis((axis) => (size[axis] > 0 ? rounded((point[axis] - box.min[axis]) / size[axis]) : 0.5));
}

/** The point in metres of a place in shares of the box. */
export function fromShares(box: Box, shares: Vec3): Vec3 {
  const size = boxSize(box);
  return perAxis((axis) => box.min[axis] + shares[axis] * size[axis]);
}

/** Whether a surface with that normal looks towards the eye. */
export function facesEye(point: Vec3, normal: Vec3, eye: Vec3): boolean {
  const toEye = perAxis((axis) => eye[axis] - point[axis]);
  const length = Math.hypot(...toEye) || 1;
  return (normal[0] * toEye[0] + normal[1] * toEye[1] + normal[2] * toEye[2]) / length > -0.05;
}

/** A new note with an id that none of `others` has. */
export function newHotspot(others: readonly Hotspot[], box: Box, point: Vec3, normal: Vec3): Hotspot {
  let number = others.length + 1;
  while (others.some(({ id }) => id === `n${number}`)) number++;
  const direction = perAxis((axis) => rounded(normal[axis]));
  return { id: `n${number}`, position: toShares(box, point), normal: direction, text: "" };
}
