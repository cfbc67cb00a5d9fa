import { createMask, type Mask, type Plane } from "../image/picture.ts";
import { fitMixture, type GaussianMixture } from "./gaussian-mixture.ts";
import { GridCut } from "./max-flow.ts";

const MAX_ROUNDS = 5;
const MIN_PIXELS = 60;
const MAX_COST = 60;
/** Costs become whole capacities by this factor. */
const SCALE = 200;
/** Every second of the eight directions, with its step and one over its length. */
const LINKS = [
  { direction: 0, dx: 1, dy: 0, weight: 1 },
  { direction: 2, dx: 0, dy: 1, weight: 1 },
  { direction: 4, dx: 1, dy: 1, weight: Math.SQRT1_2 },
  { direction: 6, dx: -1, dy: 1, weight: Math.SQRT1_2 },
];

/** What is known of a pixel before the cut. */
export const UNKNOWN = 0;
export const SURE_OBJECT = 1;
export const SURE_BACKGROUND = 2;

export interface ColourModels {
  object: GaussianMixture;
  background: GaussianMixture;
}

export interface CutInput {
  width: number;
  height: number;
  /** L*a*b*-like features, three numbers a pixel. */
  features: Float32Array;
  /** `UNKNOWN`, `SURE_OBJECT` or `SURE_BACKGROUND` per pixel. */
  known: Uint8Array;
  /** How likely each pixel belongs to the object, 0 to 1, and how much that counts. */
  prior: Plane;
  priorWeight: number;
  /** How costly an outline is where the picture has no edge. */
  smoothness: number;
  /** Other models for a part of the picture. */
  special?: { models: ColourModels; where: Mask };
}

function squaredDifference(features: Float32Array, a: number, b: number): number {
  const x = features[a * 3] - features[b * 3];
  const y = features[a * 3 + 1] - features[b * 3 + 1];
  const z = features[a * 3 + 2] - features[b * 3 + 2];
  return x * x + y * y + z * z;
}

/** β of GrabCut: one over twice the mean squared difference of neighbours. */
function contrastScale({ width, height, features }: CutInput): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      for (const { dx, dy } of LINKS) {
        sum += squaredDifference(features, y * width + x, (y + dy) * width + x + dx);
        count++;
      }
    }
  }
  return 1 / (2 * Math.max(2, sum / Math.max(1, count)));
}

/** One minimum cut between the two colour models. */
export function cutWith(models: ColourModels, input: CutInput): Mask {
  const { width, height, features, known, prior, priorWeight, smoothness, special } = input;
  const grid = new GridCut(width, height);
  const beta = contrastScale(input);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const cell = grid.cell(x, y);
      if (known[i] !== UNKNOWN) {
        grid.terminal[cell] = known[i] === SURE_OBJECT ? 1e7 : -1e7;
      } else {
        const [a, b, c] = [features[i * 3], features[i * 3 + 1], features[i * 3 + 2]];
        const isSpecial = special?.where.values[i] === 1;
        const own = isSpecial ? special.models : models;
        const weight = isSpecial ? 0 : priorWeight;
        const object = Math.min(MAX_COST, own.object.cost(a, b, c)) - weight * prior.values[i];
        const background = Math.min(MAX_COST, own.background.cost(a, b, c)) - weight * (1 - prior.values[i]);
        grid.terminal[cell] = Math.round((background - object) * SCALE);
      }
      for (const { direction, dx, dy, weight } of LINKS) {
        if (x + dx < 0 || x + dx >= width || y + dy >= height) continue;
        const j = (y + dy) * width + x + dx;
        if (known[i] !== UNKNOWN && known[i] === known[j]) continue;
        const difference = squaredDifference(features, i, j);
        const capacity = Math.round(smoothness * weight * Math.exp(-beta * difference) * SCALE) + 1;
        grid.capacity[direction][cell] = capacity;
        grid.capacity[direction ^ 1][grid.cell(x + dx, y + dy)] = capacity;
      }
    }
  }
  grid.run();
  const mask = createMask(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) mask.values[y * width + x] = grid.isSource(x, y) ? 1 : 0;
  }
  return mask;
}

/**
 * Colour models and minimum cuts in turn until the mask settles (Rother, Kolmogorov and Blake 2004, "GrabCut").
 * `models` is null when a side has too few pixels to learn from.
 */
export function grabCut(
  start: Mask,
  input: CutInput,
  backgroundComponents: number,
): { mask: Mask; models: ColourModels | null } {
  let mask = start;
  let models: ColourModels | null = null;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const inside: number[] = [];
    const outside: number[] = [];
    mask.values.forEach((value, pixel) => {
      (value ? inside : outside).push(pixel);
    });
    if (inside.length < MIN_PIXELS || outside.length < MIN_PIXELS) break;
    models = {
      object: fitMixture(input.features, Int32Array.from(inside), 5),
      background: fitMixture(input.features, Int32Array.from(outside), backgroundComponents),
    };
    const next = cutWith(models, input);
    const changed = next.values.reduce((count, value, i) => count + (value === mask.values[i] ? 0 : 1), 0);
    mask = next;
    if (changed < mask.values.length * 0.0008) break;
  }
  return { mask, models };
}
