import type { vec3 } from "@gltf-transform/core";
import type { View } from "./camera.ts";

const SKY = 0.5;
const GROUND = 0.26;
const KEY = 0.6;
const FILL = 0.16;
/** What surfaces that conduct nothing reflect when seen straight on (glTF 2.0, appendix B). */
const PLAIN_REFLECTANCE = 0.04;
/** Edges of rough things shine at least so much: black ones stand out from a dark page by it. */
const MIN_RIM = 0.3;
/** The studio that shiny things mirror: dark below the horizon, bright above, with a large lamp. */
const MIRRORED_FLOOR = 0.3;
const MIRRORED_SKY = 1.05;
const MIRRORED_LAMP = 2.6;
const MEAN_OF_STUDIO = 0.8;

function direction(view: View, right: number, up: number, toEye: number): vec3 {
  const sum = view.right.map(
    (value, axis) => value * right + view.up[axis] * up + view.toEye[axis] * toEye,
  ) as vec3;
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length) as vec3;
}

const dot = (a: vec3, b: vec3 | Float64Array) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function smoothstep(from: number, to: number, value: number): number {
  const share = Math.min(Math.max((value - from) / (to - from), 0), 1);
  return share * share * (3 - 2 * share);
}

/** Lights a colour in place. `normal` has unit length, `roughness` and `metalness` are 0 to 1. */
export type Light = (
  colour: Float32Array,
  normal: Float64Array,
  roughness: number,
  metalness: number,
) => void;

/**
 * A key light from the upper left of the eye, a weak fill from the right, and a sky that is brighter than the ground;
 * shiny surfaces mirror a studio. Reflection follows Schlick's approximation, weakened by roughness.
 */
export function createLight(view: View): Light {
  const key = direction(view, -0.55, 0.75, 0.75);
  const fill = direction(view, 0.9, 0.1, 0.6);
  const mirrored: vec3 = [0, 0, 0];

  return (colour, normal, roughness, metalness) => {
    const towardsSky = 0.5 + 0.5 * normal[1];
    const diffuse =
      GROUND +
      (SKY - GROUND) * towardsSky +
      KEY * Math.max(0, dot(key, normal)) +
      FILL * Math.max(0, dot(fill, normal));
    const facing = dot(view.toEye, normal);
    for (let axis = 0; axis < 3; axis++) mirrored[axis] = 2 * facing * normal[axis] - view.toEye[axis];
    const gloss = 1 - roughness;
    const towardsLamp = Math.max(0, dot(key, mirrored));
    const lamp = MIRRORED_LAMP * gloss * towardsLamp ** (6 + 90 * gloss * gloss);
    const blur = 0.15 + roughness;
    const sharpStudio =
      MIRRORED_FLOOR + (MIRRORED_SKY - MIRRORED_FLOOR) * smoothstep(-blur, blur, mirrored[1] - 0.1);
    const studio = sharpStudio + (MEAN_OF_STUDIO - sharpStudio) * roughness + lamp;
    const away = 1 - Math.min(Math.max(facing, 0), 1);
    const grazing = away * away * away * away * away;
    for (let channel = 0; channel < 3; channel++) {
      const straight = PLAIN_REFLECTANCE + (colour[channel] - PLAIN_REFLECTANCE) * metalness;
      const reflectance = straight + (Math.max(gloss, MIN_RIM, straight) - straight) * grazing;
      colour[channel] = colour[channel] * (1 - metalness) * diffuse + reflectance * studio;
    }
  };
}
