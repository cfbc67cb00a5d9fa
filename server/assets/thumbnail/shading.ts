import type { vec3 } from "@gltf-transform/core";
import type { View } from "./camera.ts";

const SKY = 0.5;
const GROUND = 0.24;
const KEY = 0.62;
const FILL = 0.16;
const MAX_HIGHLIGHT = 0.35;

function direction(view: View, right: number, up: number, toEye: number): vec3 {
  const sum = view.right.map(
    (value, axis) => value * right + view.up[axis] * up + view.toEye[axis] * toEye,
  ) as vec3;
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length) as vec3;
}

const dot = (a: vec3, b: vec3 | Float64Array) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Lights a colour in place. `normal` has unit length, `roughness` is 0 to 1. */
export type Light = (colour: Float32Array, normal: Float64Array, roughness: number) => void;

/** A key light from the upper left of the eye, a weak fill from the right, and a sky that is brighter than the ground. */
export function createLight(view: View): Light {
  const key = direction(view, -0.55, 0.75, 0.75);
  const fill = direction(view, 0.9, 0.1, 0.6);
  const half = key.map((value, axis) => value + view.toEye[axis]) as vec3;
  const halfLength = Math.hypot(...half);
  for (let axis = 0; axis < 3; axis++) half[axis] /= halfLength;

  return (colour, normal, roughness) => {
    const towardsSky = 0.5 + 0.5 * normal[1];
    const diffuse =
      GROUND +
      (SKY - GROUND) * towardsSky +
      KEY * Math.max(0, dot(key, normal)) +
      FILL * Math.max(0, dot(fill, normal));
    const sharpness = 4 + 60 * (1 - roughness) ** 2;
    const towardsHalf = roughness < 1 ? dot(half, normal) : 0;
    const highlight = towardsHalf > 0 ? MAX_HIGHLIGHT * (1 - roughness) * towardsHalf ** sharpness : 0;
    for (let channel = 0; channel < 3; channel++) colour[channel] = colour[channel] * diffuse + highlight;
  };
}
