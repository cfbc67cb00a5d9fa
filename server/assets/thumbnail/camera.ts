import type { vec3 } from "@gltf-transform/core";

const FIELD_OF_VIEW_DEGREES = 28;
const MARGIN_SHARE = 0.05;

/** Where the eye stands: turned around the model from its front (+Z) to its right, and above its middle. */
export interface Direction {
  azimuthDegrees: number;
  elevationDegrees: number;
}

export const THREE_QUARTER: Direction = { azimuthDegrees: 32, elevationDegrees: 22 };

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
  /** Writes x and z of the point at height `y` that is seen at a place on the screen; false where there is none. */
  hitPlane(screenX: number, screenY: number, y: number, out: Float64Array): boolean;
}

const dot = (a: vec3, x: number, y: number, z: number) => a[0] * x + a[1] * y + a[2] * z;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

function viewFrom({ azimuthDegrees, elevationDegrees }: Direction): View {
  const [sinA, cosA] = [Math.sin(radians(azimuthDegrees)), Math.cos(radians(azimuthDegrees))];
  const [sinE, cosE] = [Math.sin(radians(elevationDegrees)), Math.cos(radians(elevationDegrees))];
  return {
    right: [cosA, 0, -sinA],
    up: [-sinA * sinE, cosE, -cosA * sinE],
    toEye: [sinA * cosE, sinE, cosA * cosE],
  };
}

/**
 * Cameras that look at the model from several directions, with one scale at which all of it fits into a square.
 * @param meshes positions, three numbers a vertex
 * @param size side of the square, pixels
 */
export function frameCameras(
  meshes: Float32Array[],
  box: { min: vec3; max: vec3 },
  size: number,
  directions: Direction[],
): Camera[] {
  const centre = box.min.map((value, axis) => (value + box.max[axis]) / 2) as vec3;
  const radius = Math.hypot(...box.max.map((value, axis) => value - box.min[axis])) / 2;
  const distance = radius / Math.sin(radians(FIELD_OF_VIEW_DEGREES / 2));
  const views = directions.map(viewFrom);

  const projectRaw = (view: View, positions: Float32Array) => {
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
  for (const view of views) {
    for (const positions of meshes) {
      const screen = projectRaw(view, positions);
      for (let at = 0; at < screen.length; at += 3) {
        for (let axis = 0; axis < 2; axis++) {
          min[axis] = Math.min(min[axis], screen[at + axis]);
          max[axis] = Math.max(max[axis], screen[at + axis]);
        }
      }
    }
  }
  const scale = (size * (1 - 2 * MARGIN_SHARE)) / Math.max(max[0] - min[0], max[1] - min[1], 1e-9);
  const shift = [0, 1].map((axis) => size / 2 - (scale * (min[axis] + max[axis])) / 2);

  return views.map((view) => ({
    ...view,
    project(positions) {
      const screen = projectRaw(view, positions);
      for (let at = 0; at < screen.length; at += 3) {
        screen[at] = screen[at] * scale + shift[0];
        screen[at + 1] = screen[at + 1] * scale + shift[1];
      }
      return screen;
    },
    hitPlane(screenX, screenY, y, out) {
      const a = (screenX - shift[0]) / scale;
      const b = (shift[1] - screenY) / scale;
      const { right, up, toEye } = view;
      const reach = (y - centre[1] - toEye[1] * distance) / (right[1] * a + up[1] * b - toEye[1]);
      if (!(reach > 0)) return false;
      for (const [place, axis] of [0, 2].entries()) {
        out[place] =
          centre[axis] + toEye[axis] * distance + reach * (right[axis] * a + up[axis] * b - toEye[axis]);
      }
      return true;
    },
  }));
}
