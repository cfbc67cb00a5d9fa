import { weightedBlur } from "../image/blur.ts";
import { createPlane, type Plane } from "../image/picture.ts";
import { smoothstep } from "./smoothstep.ts";

/**
 * Solves ∇²u = −4 inside with u = 0 on the outline by red-black successive over-relaxation: on a disc √u is
 * a half sphere. Cells outside stay zero.
 */
function solvePoisson(distance: Plane): Plane {
  const { width, height, values } = distance;
  const solution = createPlane(width, height);
  const u = solution.values;
  const colours: [number[], number[]] = [[], []];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      if (values[y * width + x] > 0) colours[(x + y) % 2].push(y * width + x);
    }
  }
  const cells = colours.map((list) => Int32Array.from(list));
  const longest = Math.max(width, height);
  const relaxation = 2 / (1 + Math.sin(Math.PI / longest));
  for (let round = 0; round < 2.2 * longest; round++) {
    for (const list of cells) {
      for (const i of list) {
        const neighbours = u[i - 1] + u[i + 1] + u[i - width] + u[i + width];
        u[i] += relaxation * ((neighbours + 4) / 4 - u[i]);
      }
    }
  }
  return solution;
}

/**
 * Squared half thickness of a rounded body over its silhouette, in cells². `distance` is the signed distance to
 * the outline. Grows linearly from the outline inwards and falls below zero outside, so that the surface closes
 * smoothly around the rim. `limit` bounds the half thickness.
 */
export function inflate(distance: Plane, limit: number): Plane {
  const { width, height } = distance;
  const squared = solvePoisson(distance);
  const largest = squared.values.reduce((most, value) => Math.max(most, value), 0);
  const scale = Math.min(1, (limit * limit) / Math.max(largest, 1e-6));
  for (let i = 0; i < squared.values.length; i++) squared.values[i] *= scale;
  return extendOverRim(squared, distance, width, height);
}

/** Continues u linearly across the outline: u / distance is smooth there, u itself is only known inside. */
function extendOverRim(squared: Plane, distance: Plane, width: number, height: number): Plane {
  const slope = createPlane(width, height);
  const known = createPlane(width, height);
  for (let i = 0; i < slope.values.length; i++) {
    if (distance.values[i] <= 1.2) continue;
    slope.values[i] = squared.values[i] / distance.values[i];
    known.values[i] = 1;
  }
  const near = weightedBlur(slope, known, 2, -1);
  const far = weightedBlur(slope, known, 5, 3);
  const result = createPlane(width, height);
  for (let i = 0; i < result.values.length; i++) {
    const d = distance.values[i];
    const steepness = near.values[i] > 0 ? near.values[i] : far.values[i];
    const inner = smoothstep(2, 5, d);
    result.values[i] = (1 - inner) * d * steepness + inner * squared.values[i];
  }
  return result;
}
