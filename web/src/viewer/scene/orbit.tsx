import { useFrame, useThree } from "@react-three/fiber";
import { type Ref, useCallback, useEffect, useImperativeHandle, useRef } from "react";
import type { PerspectiveCamera } from "three";
import { type Box, boxCentre, boxRadius, type Vec3 } from "../box.ts";
import {
  type CameraPose,
  FIELD_OF_VIEW_DEGREES,
  fitPose,
  orbitLimits,
  VIEWS,
  type ViewName,
} from "../camera-fit.ts";
import { type CameraLink, fromShared, toShared } from "../camera-link.ts";
import { add, normalize, scale, subtract } from "../vector.ts";
import { PHOTO_FIELD_OF_VIEW_DEGREES } from "../viewpoint.ts";
import { createFlight, place, poseNow } from "./flight.ts";
import { useOrbitControls } from "./use-orbit-controls.ts";

const ROTATE_STEP_RADIANS = Math.PI / 24;
const PAN_STEP_PIXELS = 24;
const ZOOM_STEP = 0.85;
/** How near a focused place is looked at, in radii of the model. */
const FOCUS_RADII = 1.3;

/** What the buttons and keys outside the canvas can ask of the camera. */
export type OrbitHandle = {
  view: (view: ViewName) => void;
  rotate: (x: number, y: number) => void;
  pan: (x: number, y: number) => void;
  zoom: (steps: number) => void;
  /** Turns to a point of the surface; looks at it from `normal` where that is given. */
  focus: (point: Vec3, normal?: Vec3) => void;
  pose: () => CameraPose;
};

type OrbitProps = {
  box: Box;
  /** Where the photo was taken from; the camera stands there as long as it is given. */
  photoPose: CameraPose | null;
  link?: CameraLink;
  autoRotate: boolean;
  reducedMotion: boolean;
  onInteract: () => void;
  handle: Ref<OrbitHandle>;
};

/** Orbit, zoom and pan around the model with mouse, touch and commands; limits follow the model's size. */
export function Orbit({ box, photoPose, link, autoRotate, reducedMotion, onInteract, handle }: OrbitProps) {
  const camera = useThree((state) => state.camera as PerspectiveCamera);
  const invalidate = useThree((state) => state.invalidate);
  const size = useThree((state) => state.size);
  const aspect = size.width / size.height;
  const flight = useRef<ReturnType<typeof createFlight>>(null);
  const fitted = useRef<{ box: Box; aspect: number; photo: boolean }>(null);
  const moved = useRef(false);
  const self = useRef(Symbol("view"));
  const hearing = useRef(false);

  const touched = useCallback(() => {
    onInteract();
    link?.touch(self.current);
  }, [onInteract, link]);
  const onStart = useCallback(() => {
    flight.current = null;
    moved.current = true;
    touched();
  }, [touched]);
  const publish = useRef<() => void>(() => undefined);
  const onChange = useCallback(() => {
    invalidate();
    if (!hearing.current) publish.current();
  }, [invalidate]);
  const controls = useOrbitControls({ reducedMotion, onStart, onChange });

  useEffect(() => {
    if (!link) return;
    const { sameScale } = link;
    publish.current = () => link.publish(self.current, toShared(poseNow(camera, controls), box, sameScale));
    const onView = (view: CameraPose) => {
      hearing.current = true;
      flight.current = null;
      moved.current = true;
      place(camera, controls, fromShared(view, box, sameScale));
      hearing.current = false;
      invalidate();
    };
    const leave = link.subscribe(self.current, { onView, onTouch: onInteract });
    return () => {
      leave();
      publish.current = () => undefined;
    };
  }, [link, box, camera, controls, invalidate, onInteract]);

  useEffect(() => {
    invalidate();
    return autoRotate ? link?.turn(self.current) : undefined;
  }, [link, autoRotate, invalidate]);

  useEffect(() => {
    const before = fitted.current;
    const photo = photoPose !== null;
    fitted.current = { box, aspect, photo };
    if (before?.box === box && before.photo === photo && !photo) {
      if (before.aspect === aspect || moved.current) return;
      const seenFrom = subtract(camera.position.toArray(), controls.target.toArray());
      place(camera, controls, fitPose(box, seenFrom, aspect));
      return invalidate();
    }
    camera.fov = photo ? PHOTO_FIELD_OF_VIEW_DEGREES : FIELD_OF_VIEW_DEGREES;
    const { minDistance, maxDistance, maxTargetRadius, near, far } = orbitLimits(box, camera.fov);
    Object.assign(controls, { minDistance, maxDistance, maxTargetRadius });
    controls.cursor.set(...boxCentre(box));
    Object.assign(camera, { near, far });
    camera.updateProjectionMatrix();
    moved.current = false;
    flight.current = null;
    place(camera, controls, photoPose ?? fitPose(box, VIEWS.home, aspect));
    invalidate();
  }, [box, photoPose, camera, controls, aspect, invalidate]);

  useImperativeHandle(handle, () => {
    const fly = (to: CameraPose) => {
      if (reducedMotion) place(camera, controls, to);
      else flight.current = createFlight(poseNow(camera, controls), to);
      invalidate();
    };
    return {
      view: (view) => {
        moved.current = false;
        fly(photoPose ?? fitPose(box, VIEWS[view], aspect));
      },
      rotate: (x, y) => {
        controls.rotateLeft(-x * ROTATE_STEP_RADIANS);
        controls.rotateUp(-y * ROTATE_STEP_RADIANS);
        touched();
        invalidate();
      },
      pan: (x, y) => {
        moved.current = true;
        controls.pan(-x * PAN_STEP_PIXELS, y * PAN_STEP_PIXELS);
        touched();
        invalidate();
      },
      zoom: (steps) => {
        moved.current = true;
        if (steps > 0) controls.dollyIn(ZOOM_STEP);
        else controls.dollyOut(ZOOM_STEP);
        touched();
        invalidate();
      },
      focus: (point, normal) => {
        moved.current = true;
        const { position, target } = poseNow(camera, controls);
        const away = subtract(position, target);
        const distance = Math.min(Math.hypot(...away), boxRadius(box) * FOCUS_RADII);
        const direction = normalize(normal ? add(scale(normalize(away), 0.6), normal) : away);
        fly({ position: add(point, scale(direction, distance)), target: point });
      },
      pose: () => poseNow(camera, controls),
    };
  }, [box, photoPose, aspect, camera, controls, reducedMotion, touched, invalidate]);

  useFrame((_, delta) => {
    const step = Math.min(delta, 0.1);
    if (flight.current) {
      if (!flight.current.advance(camera, controls, step)) flight.current = null;
      invalidate();
    }
    controls.autoRotate = autoRotate && (link?.leads(self.current) ?? true);
    if (controls.update(step) || autoRotate) invalidate();
    camera.updateMatrixWorld();
  });

  return null;
}
