import { type Box, boxCentre, boxRadius, type Vec3 } from "./box.ts";
import { add, cameraAxes, dot, normalize, scale, subtract } from "./vector.ts";

export const FIELD_OF_VIEW_DEGREES = 35;

/** Where the eye stands, seen from the model's centre. Unit vectors are not required. */
export const VIEWS = {
  home: [0.5, 0.32, 1],
  front: [0, 0, 1],
  side: [1, 0, 0],
  top: [0, 1, 0.0001],
} as const satisfies Record<string, Vec3>;
export type ViewName = keyof typeof VIEWS;

function* corners({ min, max }: Box): Generator<Vec3> {
  for (const x of [min[0], max[0]])
    for (const y of [min[1], max[1]]) for (const z of [min[2], max[2]]) yield [x, y, z];
}

/**
 * Distance in metres from the box's centre at which all eight corners are inside a perspective view that
 * looks along `-direction`. A corner (x, y, z) in camera axes is inside when |x| ≤ (d - z)·tan(h/2), same for y.
 */
export function fitDistance(
  box: Box,
  direction: Vec3,
  aspect: number,
  fieldOfViewDegrees = FIELD_OF_VIEW_DEGREES,
): number {
  const { right, up, back } = cameraAxes(direction);
  const centre = boxCentre(box);
  const tanY = Math.tan((fieldOfViewDegrees * Math.PI) / 360);
  const tanX = tanY * Math.max(aspect, 1e-3);
  let distance = 0;
  for (const corner of corners(box)) {
    const offset = subtract(corner, centre);
    const depth = dot(offset, back);
    distance = Math.max(
      distance,
      depth + Math.abs(dot(offset, right)) / tanX,
      depth + Math.abs(dot(offset, up)) / tanY,
    );
  }
  return Math.max(distance, boxRadius(box));
}

export type CameraPose = { position: Vec3; target: Vec3 };

/** The pose that shows the whole box from `direction`, with a margin of `margin` times the distance. */
export function fitPose(box: Box, direction: Vec3, aspect: number, margin = 1.06): CameraPose {
  const target = boxCentre(box);
  const distance = fitDistance(box, direction, aspect) * margin;
  return { position: add(target, scale(normalize(direction), distance)), target };
}

/** Limits in metres that keep the model findable: how near, how far, how much sideways; and the clip planes. */
export function orbitLimits(box: Box, fieldOfViewDegrees = FIELD_OF_VIEW_DEGREES) {
  const radius = boxRadius(box);
  const tan = (degrees: number) => Math.tan((degrees * Math.PI) / 360);
  const farther = tan(FIELD_OF_VIEW_DEGREES) / tan(fieldOfViewDegrees);
  return {
    minDistance: radius * 0.15 * farther,
    maxDistance: radius * 14 * farther,
    maxTargetRadius: radius * 1.2 * farther,
    near: radius * 0.01 * farther,
    far: radius * 40 * farther,
  };
}
