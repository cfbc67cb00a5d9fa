import { useFrame, useThree } from "@react-three/fiber";
import { type Ref, useEffect, useImperativeHandle, useMemo, useRef } from "react";
import type { PerspectiveCamera } from "three";
import { Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { type Box, boxCentre } from "../box.ts";
import { type CameraPose, fitPose, orbitLimits, VIEWS, type ViewName } from "../camera-fit.ts";

const ROTATE_STEP_RADIANS = Math.PI / 24;
const PAN_STEP_PIXELS = 24;
const ZOOM_STEP = 0.85;
const FLIGHT_SECONDS = 0.4;
const SECONDS_PER_TURN = 24;

/** What the buttons and keys outside the canvas can ask of the camera. */
export type OrbitHandle = {
  view: (view: ViewName) => void;
  rotate: (x: number, y: number) => void;
  pan: (x: number, y: number) => void;
  zoom: (steps: number) => void;
};

type OrbitProps = {
  box: Box;
  autoRotate: boolean;
  reducedMotion: boolean;
  onInteract: () => void;
  handle: Ref<OrbitHandle>;
};

type Flight = { from: CameraPose; to: CameraPose; seconds: number };

const mix = (a: CameraPose["target"], b: CameraPose["target"], t: number) =>
  new Vector3(...a).lerp(new Vector3(...b), t);

/** Orbit, zoom and pan around the model with mouse, touch and commands; limits follow the model's size. */
export function Orbit({ box, autoRotate, reducedMotion, onInteract, handle }: OrbitProps) {
  const camera = useThree((state) => state.camera as PerspectiveCamera);
  const canvas = useThree((state) => state.gl.domElement);
  const invalidate = useThree((state) => state.invalidate);
  const size = useThree((state) => state.size);
  const aspect = size.width / size.height;
  const flight = useRef<Flight>(null);
  const fitted = useRef<{ box: Box; aspect: number }>(null);
  const moved = useRef(false);

  const controls = useMemo(() => new OrbitControls(camera), [camera]);

  useEffect(() => {
    controls.connect(canvas);
    const change = () => invalidate();
    const start = () => {
      flight.current = null;
      moved.current = true;
      onInteract();
    };
    controls.addEventListener("change", change);
    controls.addEventListener("start", start);
    return () => {
      controls.removeEventListener("change", change);
      controls.removeEventListener("start", start);
      controls.disconnect();
    };
  }, [controls, canvas, invalidate, onInteract]);

  useEffect(() => {
    controls.enableDamping = !reducedMotion;
    controls.dampingFactor = 0.12;
    controls.autoRotate = autoRotate;
    controls.autoRotateSpeed = 60 / SECONDS_PER_TURN;
    invalidate();
  }, [controls, reducedMotion, autoRotate, invalidate]);

  useEffect(() => {
    const before = fitted.current;
    fitted.current = { box, aspect };
    if (before?.box === box) {
      if (before.aspect === aspect || moved.current) return;
      const seenFrom = camera.position.clone().sub(controls.target).toArray();
      place(camera, controls, fitPose(box, seenFrom, aspect));
      return invalidate();
    }
    const { minDistance, maxDistance, maxTargetRadius, near, far } = orbitLimits(box);
    Object.assign(controls, { minDistance, maxDistance, maxTargetRadius });
    controls.cursor.set(...boxCentre(box));
    Object.assign(camera, { near, far });
    camera.updateProjectionMatrix();
    moved.current = false;
    place(camera, controls, fitPose(box, VIEWS.home, aspect));
    invalidate();
  }, [box, camera, controls, aspect, invalidate]);

  useImperativeHandle(
    handle,
    () => ({
      view: (view) => {
        moved.current = false;
        const to = fitPose(box, VIEWS[view], aspect);
        const from: CameraPose = { position: camera.position.toArray(), target: controls.target.toArray() };
        if (reducedMotion) place(camera, controls, to);
        else flight.current = { from, to, seconds: 0 };
        invalidate();
      },
      rotate: (x, y) => {
        controls.rotateLeft(-x * ROTATE_STEP_RADIANS);
        controls.rotateUp(-y * ROTATE_STEP_RADIANS);
        invalidate();
      },
      pan: (x, y) => {
        moved.current = true;
        controls.pan(-x * PAN_STEP_PIXELS, y * PAN_STEP_PIXELS);
        invalidate();
      },
      zoom: (steps) => {
        moved.current = true;
        if (steps > 0) controls.dollyIn(ZOOM_STEP);
        else controls.dollyOut(ZOOM_STEP);
        invalidate();
      },
    }),
    [box, aspect, camera, controls, reducedMotion, invalidate],
  );

  useFrame((_, delta) => {
    const step = Math.min(delta, 0.1);
    if (flight.current) {
      flight.current.seconds += step;
      const part = Math.min(flight.current.seconds / FLIGHT_SECONDS, 1);
      const eased = 1 - (1 - part) ** 3;
      const { from, to } = flight.current;
      camera.position.copy(mix(from.position, to.position, eased));
      controls.target.copy(mix(from.target, to.target, eased));
      if (part === 1) flight.current = null;
      invalidate();
    }
    if (controls.update(step) || controls.autoRotate) invalidate();
  });

  return null;
}

function place(camera: PerspectiveCamera, controls: OrbitControls, pose: CameraPose): void {
  camera.position.set(...pose.position);
  controls.target.set(...pose.target);
  controls.update();
}
