import { type PerspectiveCamera, Vector3 } from "three";
import type { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { CameraPose } from "../camera-fit.ts";

const SECONDS = 0.4;

/** The pose of a camera that turns around the controls' target. */
export const poseNow = (camera: PerspectiveCamera, controls: OrbitControls): CameraPose => ({
  position: camera.position.toArray(),
  target: controls.target.toArray(),
});

/** Puts the camera there at once. */
export function place(camera: PerspectiveCamera, controls: OrbitControls, pose: CameraPose): void {
  camera.position.set(...pose.position);
  controls.target.set(...pose.target);
  controls.update();
}

const mix = (a: CameraPose["target"], b: CameraPose["target"], t: number) =>
  new Vector3(...a).lerp(new Vector3(...b), t);

/** A way between two poses that ends softly; `advance` moves on and says whether more is to come. */
export function createFlight(from: CameraPose, to: CameraPose) {
  let seconds = 0;
  return {
    advance(camera: PerspectiveCamera, controls: OrbitControls, step: number): boolean {
      seconds += step;
      const part = Math.min(seconds / SECONDS, 1);
      const eased = 1 - (1 - part) ** 3;
      camera.position.copy(mix(from.position, to.position, eased));
      controls.target.copy(mix(from.target, to.target, eased));
      return part < 1;
    },
  };
}
