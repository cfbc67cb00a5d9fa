import type { Vec3 } from "./box.ts";

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (v: Vec3, factor: number): Vec3 => [v[0] * factor, v[1] * factor, v[2] * factor];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The vector at length 1; +Z where it has none. */
export function normalize(v: Vec3): Vec3 {
  const length = Math.hypot(...v);
  return length > 0 ? scale(v, 1 / length) : [0, 0, 1];
}

/** Axes of a camera that looks along `-back`: unit vectors to the right, up and back. */
export function cameraAxes(direction: Vec3): { right: Vec3; up: Vec3; back: Vec3 } {
  const back = normalize(direction);
  const right = normalize(cross(Math.abs(back[1]) > 0.999 ? [0, 0, -1] : [0, 1, 0], back));
  return { right, up: cross(back, right), back };
}
