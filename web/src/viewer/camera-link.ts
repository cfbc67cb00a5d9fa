import { type Box, boxCentre, boxRadius, type Vec3 } from "./box.ts";
import type { CameraPose } from "./camera-fit.ts";
import { add, scale, subtract } from "./vector.ts";

/** What viewers that move together tell each other. */
export type CameraLink = {
  /** Two things at one scale look as they would beside each other; otherwise each fills its view. */
  sameScale: boolean;
  publish: (from: symbol, view: CameraPose) => void;
  /** A visitor took hold of this one. */
  touch: (from: symbol) => void;
  subscribe: (as: symbol, listener: LinkListener) => () => void;
  /** Joins those who want to turn by themselves, until what it answers is called. */
  turn: (as: symbol) => () => void;
  /** Whether this is the one that turns for all: together they would turn as often as there are. */
  leads: (as: symbol) => boolean;
};

export type LinkListener = { onView: (view: CameraPose) => void; onTouch: () => void };

/** Passes each view and touch on to all others. */
export function createCameraLink(sameScale: boolean): CameraLink {
  const listeners = new Map<symbol, LinkListener>();
  const turning = new Set<symbol>();
  const others = (from: symbol) =>
    [...listeners].flatMap(([as, listener]) => (as === from ? [] : [listener]));
  return {
    sameScale,
    publish(from, view) {
      for (const { onView } of others(from)) onView(view);
    },
    touch(from) {
      for (const { onTouch } of others(from)) onTouch();
    },
    subscribe(as, listener) {
      listeners.set(as, listener);
      return () => void listeners.delete(as);
    },
    turn(as) {
      turning.add(as);
      return () => void turning.delete(as);
    },
    leads: (as) => turning.values().next().value === as,
  };
}

const footOf = (box: Box): Vec3 => [boxCentre(box)[0], box.min[1], boxCentre(box)[2]];
const unitOf = (box: Box, sameScale: boolean) => (sameScale ? 1 : boxRadius(box));

/** A pose as seen from the model's foot, in metres or, at scales of their own, in radii of the model. */
export function toShared({ position, target }: CameraPose, box: Box, sameScale: boolean): CameraPose {
  const share = (point: Vec3) => scale(subtract(point, footOf(box)), 1 / unitOf(box, sameScale));
  return { position: share(position), target: share(target) };
}

/** The way back of `toShared`, for another model. */
export function fromShared({ position, target }: CameraPose, box: Box, sameScale: boolean): CameraPose {
  const place = (point: Vec3) => add(footOf(box), scale(point, unitOf(box, sameScale)));
  return { position: place(position), target: place(target) };
}

/** The box with room for `extent` (metres) around its foot, so that different models are framed alike. */
export function framed(box: Box, extent: Vec3 | undefined): Box {
  if (!extent) return box;
  const [x, y, z] = footOf(box);
  return {
    min: [Math.min(box.min[0], x - extent[0] / 2), y, Math.min(box.min[2], z - extent[2] / 2)],
    max: [
      Math.max(box.max[0], x + extent[0] / 2),
      Math.max(box.max[1], y + extent[1]),
      Math.max(box.max[2], z + extent[2] / 2),
    ],
  };
}
