/** A point or an extent along X, Y, Z in metres. */
export type Vec3 = readonly [number, number, number];

/** An axis-aligned box in metres, Y up. */
export type Box = { min: Vec3; max: Vec3 };

export const boxSize = ({ min, max }: Box): Vec3 => [max[0] - min[0], max[1] - min[1], max[2] - min[2]];

export const boxCentre = ({ min, max }: Box): Vec3 => [
  (min[0] + max[0]) / 2,
  (min[1] + max[1]) / 2,
  (min[2] + max[2]) / 2,
];

/** Radius in metres of the sphere around the box; never 0, so that it can divide. */
export function boxRadius(box: Box): number {
  return Math.max(Math.hypot(...boxSize(box)) / 2, 1e-6);
}

export const isFiniteBox = ({ min, max }: Box): boolean =>
  [...min, ...max].every(Number.isFinite) && max.every((value, axis) => value >= min[axis]);
