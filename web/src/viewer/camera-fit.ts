import { type Box, boxCentre, boxRadius, type Vec3 } from "./box.ts";

export const FIELD_OF_VIEW_DEGREES = 35;

/** Where the eye stands, seen from the model's centre. Unit vectors are not required. */
export const VIEWS = {
  home: [0.5, 0.32, 1],
  front: [0, 0, 1],
  side: [1, 0, 0],
  top: [0, 1, 0.0001],
} as const satisfies Record<string, Vec3>;
export type ViewName = keyof typeof VIEWS;

const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const normalize = (v: Vec3): Vec3 => {
  const length = Math.hypot(...v);
  return length > 0 ? [v[0] / length, v[1] / length, v[2] / length] : [0, 0, 1];
};

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
  const back = normalize(direction);
  const right = normalize(cross(Math.abs(back[1]) > 0.999 ? [0, 0, -1] : [0, 1, 0], back));
  const up = cross(back, right);
  const centre = boxCentre(box);
  const tanY = Math.tan((fieldOfViewDegrees * Math.PI) / 360);
  const tanX = tanY * Math.max(aspect, 1e-3);
  let distance = 0;
  for (const corner of corners(box)) {
    const offset: Vec3 = [corner[0] - centre[0], corner[1] - centre[1], corner[2] - centre[2]];
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
  const back = normalize(direction);
  const distance = fitDistance(box, direction, aspect) * margin;
  return {
    position: [
      target[0] + back[0] * distance,
      target[1] + back[1] * distance,
      target[2] + back[2] * distance,
    ],
    target,
  };
}

/** Limits in metres that keep the model findable: how near, how far, how much sideways; and the clip planes. */
export function orbitLimits(box: Box) {
  const radius = boxRadius(box);
  return {
    minDistance: radius * 0.15,
    maxDistance: radius * 14,
    maxTargetRadius: radius * 1.2,
    near: radius * 0.01,
    far: radius * 40,
  };
}
