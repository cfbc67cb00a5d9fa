import type { vec3 } from "@gltf-transform/core";

const FIELD_OF_VIEW_DEGREES = 28;
const AZIMUTH_DEGREES = 32;
const ELEVATION_DEGREES = 22;
const MARGIN_SHARE = 0.05;

/** Unit vectors of the view in scene coordinates. */
export interface View {
  right: vec3;
  up: vec3;
  /** From the model towards the eye. */
  toEye: vec3;
}

export interface Camera extends View {
  /** Screen x, screen y (down) and 1 / distance of every vertex. */
  project(positions: Float32Array): Float32Array;
}

const dot = (a: vec3, x: number, y: number, z: number) => a[0] * x + a[1] * y + a[2] * z;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

function threeQuarterView(): View {
  const [sinA, cosA] = [Math.sin(radians(AZIMUTH_DEGREES)), Math.cos(radians(AZIMUTH_DEGREES))];
  const [sinE, cosE] = [Math.sin(radians(ELEVATION_DEGREES)), Math.cos(radians(ELEVATION_DEGREES))];
  return {
    right: [cosA, 0, -sinA],
    up: [-sinA * sinE, cosE, -cosA * sinE],
    toEye: [sinA * cosE, sinE, cosA * cosE],
  };
}

/**
 * Looks at the model's front (+Z) from a little to the right and above, and fits all of it into a square.
 * @param meshes positions, three numbers a vertex
 * @param size side of the square, pixels
 */
export function frameCamera(meshes: Float32Array[], box: { min: vec3; max: vec3 }, size: number): Camera {
  const view = threeQuarterView();
  const centre = box.min.map((value, axis) => (value + box.max[axis]) / 2) as vec3;
  const radius = Math.hypot(...box.max.map((value, axis) => value - box.min[axis])) / 2;
  const distance = radius / Math.sin(radians(FIELD_OF_VIEW_DEGREES / 2));

  const projectRaw = (positions: Float32Array) => {
    const screen = new Float32Array(positions.length);
    for (let at = 0; at < positions.length; at += 3) {
      const [x, y, z] = [
        positions[at] - centre[0],
        positions[at + 1] - centre[1],
        positions[at + 2] - centre[2],
      ];
      const nearness = 1 / (distance - dot(view.toEye, x, y, z));
      screen[at] = dot(view.right, x, y, z) * nearness;
      screen[at + 1] = -dot(view.up, x, y, z) * nearness;
      screen[at + 2] = nearness;
    }
    return screen;
  };

  const min = [Infinity, Infinity];
  const max = [-Infinity, -Infinity];
  for (const positions of meshes) {
    const screen = projectRaw(positions);
    for (let at = 0; at < screen.length; at += 3) {
      for (let axis = 0; axis < 2; axis++) {
        min[axis] = Math.min(min[axis], screen[at + axis]);
        max[axis] = Math.max(max[axis], screen[at + axis]);
      }
    }
  }
  const scale = (size * (1 - 2 * MARGIN_SHARE)) / Math.max(max[0] - min[0], max[1] - min[1], 1e-9);
  const shift = [0, 1].map((axis) => size / 2 - (scale * (min[axis] + max[axis])) / 2);

  return {
    ...view,
    project(positions) {
      const screen = projectRaw(positions);
      for (let at = 0; at < screen.length; at += 3) {
        screen[at] = screen[at] * scale + shift[0];
        screen[at + 1] = screen[at + 1] * scale + shift[1];
      }
      return screen;
    },
  };
}
