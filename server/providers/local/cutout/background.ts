import { solveLinearSystem } from "./linear-system.ts";

const ROUNDS = 8;
const TERMS = 6;

/** A background colour for every pixel, fitted to sample pixels. */
export interface Background {
  /** The fitted colours, three numbers (L*, a*, b*) a pixel, at any resolution. */
  paint(width: number, height: number): Float32Array;
  /** Robust standard deviation of the samples around the fit, in ΔE. */
  sigma: number;
  /** Share of the samples that the fit explains. */
  inlierShare: number;
  samples: Int32Array;
  /** ΔE of each sample from the fit. */
  residuals: Float32Array;
}

/** A background so even that what differs from it is the object. */
export const isPlain = (background: Background): boolean =>
  background.inlierShare > 0.72 && background.sigma < 7;

/** ΔE up to which a pixel counts as background. */
export const toleranceOf = (background: Background): number => Math.max(4.5, 3 * background.sigma);

/** ΔE up to which an enclosed area counts as a hole through an object that is as pale as its background. */
const PALE_TOLERANCE = 1.8;

/** ΔE up to which an enclosed area counts as a hole through the object; zero: none does. */
export function holeTolerance(background: Background, isPale = false): number {
  if (!isPlain(background)) return 0;
  return isPale ? PALE_TOLERANCE : toleranceOf(background);
}

function terms(pixel: number, width: number, height: number): number[] {
  const x = (pixel % width) / width - 0.5;
  const y = Math.floor(pixel / width) / height - 0.5;
  return [1, x, y, x * x, x * y, y * y];
}

function paintQuadratic(coefficients: number[][], width: number, height: number): Float32Array {
  const painted = new Float32Array(width * height * 3);
  for (let c = 0; c < 3; c++) {
    const k = coefficients[c];
    for (let row = 0; row < height; row++) {
      const y = row / height - 0.5;
      const constant = k[0] + k[2] * y + k[5] * y * y;
      const slope = k[1] + k[4] * y;
      for (let column = 0; column < width; column++) {
        const x = column / width - 0.5;
        painted[(row * width + column) * 3 + c] = constant + (slope + k[3] * x) * x;
      }
    }
  }
  return painted;
}

function median(numbers: Float32Array): number {
  return Float32Array.from(numbers).sort()[numbers.length >> 1];
}

function weightedFit(lab: Float32Array, samples: Int32Array, rows: number[][], weights: Float32Array) {
  return [0, 1, 2].map((channel) => {
    const matrix = Array.from({ length: TERMS }, () => new Array<number>(TERMS).fill(0));
    const right = new Array<number>(TERMS).fill(0);
    for (let k = 0; k < samples.length; k++) {
      for (let p = 0; p < TERMS; p++) {
        for (let q = 0; q < TERMS; q++) matrix[p][q] += weights[k] * rows[k][p] * rows[k][q];
        right[p] += weights[k] * rows[k][p] * lab[samples[k] * 3 + channel];
      }
    }
    for (let p = 0; p < TERMS; p++) matrix[p][p] += (p ? 1e-3 : 5e-8) * samples.length;
    return solveLinearSystem(matrix, right);
  });
}

/**
 * One quadratic in x and y per channel, by a robust fit (iteratively reweighted least squares). Starts from the median colour, so that an object that
 * touches the samples does not drag it along. `lab` has three numbers a pixel.
 */
export function fitBackground(
  lab: Float32Array,
  width: number,
  height: number,
  samples: Int32Array,
): Background {
  const rows = Array.from(samples, (pixel) => terms(pixel, width, height));
  const middle = [0, 1, 2].map((c) => median(Float32Array.from(samples, (pixel) => lab[pixel * 3 + c])));
  const start = middle.map((value) => [value, 0, 0, 0, 0, 0]);
  let coefficients = start;
  const background: Background = {
    paint: (columns, lines) => paintQuadratic(coefficients, columns, lines),
    sigma: 1,
    inlierShare: 0,
    samples,
    residuals: new Float32Array(samples.length),
  };
  const weights = new Float32Array(samples.length);
  const measure = () => {
    for (let k = 0; k < samples.length; k++) {
      let squares = 0;
      for (let c = 0; c < 3; c++) {
        const fitted = rows[k].reduce((sum, term, p) => sum + term * coefficients[c][p], 0);
        squares += (lab[samples[k] * 3 + c] - fitted) ** 2;
      }
      background.residuals[k] = Math.sqrt(squares);
    }
    background.sigma = Math.max(0.8, 1.4826 * median(background.residuals));
  };
  measure();
  for (let round = 0; round < ROUNDS; round++) {
    for (let k = 0; k < samples.length; k++) {
      weights[k] = 1 / (1 + (background.residuals[k] / (3 * background.sigma)) ** 4);
    }
    coefficients = weightedFit(lab, samples, rows, weights);
    measure();
  }
  const tolerance = toleranceOf(background);
  background.inlierShare =
    background.residuals.filter((residual) => residual < tolerance).length / samples.length;
  return background;
}
