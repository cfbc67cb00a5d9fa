import type { Background } from "./background.ts";

/** Width of the strips at the left and the right border that are looked at, as a share of the picture's width. */
const STRIP_SHARE = 0.05;
/** ΔE up to which both ends of a row show the same thing, and the share of rows in which they must. */
const SAME = 14;
const MIN_SAME_ROWS = 0.8;
/** How much better than the smooth fit it must be a little way off the border. */
const MIN_GAIN = 0.75;
/** From here on, in ΔE, the smooth fit leaves something to explain. */
const MIN_SIGMA = 1.6;

function medianOf(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Median colour of each row's first and last pixels: [left, right] × row × L*a*b*. */
function rowEnds(lab: Float32Array, width: number, height: number): Float32Array[] {
  const strip = Math.max(3, Math.round(STRIP_SHARE * width));
  return [0, width - strip].map((from) => {
    const ends = new Float32Array(height * 3);
    for (let y = 0; y < height; y++) {
      for (let c = 0; c < 3; c++) {
        const values: number[] = [];
        for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
          for (let x = from; x < from + strip; x++) values.push(lab[(row * width + x) * 3 + c]);
        }
        ends[y * 3 + c] = medianOf(values);
      }
    }
    return ends;
  });
}

/** Rows that run evenly from their left end to their right end, at any resolution. */
function painter([left, right]: Float32Array[], rows: number) {
  return (width: number, height: number): Float32Array => {
    const painted = new Float32Array(width * height * 3);
    for (let y = 0; y < height; y++) {
      const row = Math.min(rows - 1, Math.max(0, ((y + 0.5) * rows) / height - 0.5));
      const above = Math.floor(row);
      const below = Math.min(rows - 1, above + 1);
      for (let c = 0; c < 3; c++) {
        const between = (ends: Float32Array) =>
          ends[above * 3 + c] + (row - above) * (ends[below * 3 + c] - ends[above * 3 + c]);
        const [from, to] = [between(left), between(right)];
        for (let x = 0; x < width; x++) {
          painted[(y * width + x) * 3 + c] = from + ((x + 0.5) / width) * (to - from);
        }
      }
    }
    return painted;
  };
}

function residualsAt(lab: Float32Array, painted: Float32Array, pixels: Int32Array): Float32Array {
  return Float32Array.from(pixels, (pixel) =>
    Math.hypot(...[0, 1, 2].map((c) => lab[pixel * 3 + c] - painted[pixel * 3 + c])),
  );
}

/** Pixels two ring widths off the border: neither fit was made from them. */
function innerRing(width: number, height: number): Int32Array {
  const off = Math.round(0.09 * Math.min(width, height));
  const pixels: number[] = [];
  for (let x = off; x < width - off; x++) pixels.push(off * width + x, (height - 1 - off) * width + x);
  for (let y = off; y < height - off; y++) pixels.push(y * width + off, (y + 1) * width - 1 - off);
  return Int32Array.from(pixels);
}

/**
 * A floor in front of a wall, which no smooth fit describes: each row is taken to run evenly from its left to its
 * right end. Returns whichever of this and the smooth fit explains the picture a little way off the border better.
 */
export function betterByRows(
  smooth: Background,
  lab: Float32Array,
  width: number,
  height: number,
): Background {
  if (smooth.sigma < MIN_SIGMA) return smooth;
  const ends = rowEnds(lab, width, height);
  let same = 0;
  for (let y = 0; y < height; y++) {
    const difference = [0, 1, 2].map((c) => ends[0][y * 3 + c] - ends[1][y * 3 + c]);
    if (Math.hypot(...difference) < SAME) same++;
  }
  if (same < MIN_SAME_ROWS * height) return smooth;
  const paint = painter(ends, height);
  const painted = paint(width, height);
  const ring = innerRing(width, height);
  const typical = (colours: Float32Array) => residualsAt(lab, colours, ring).sort()[ring.length >> 1];
  const error = typical(painted);
  if (error > MIN_GAIN * typical(smooth.paint(width, height))) return smooth;
  const residuals = residualsAt(lab, painted, smooth.samples);
  const sigma = Math.max(0.8, error);
  const tolerance = Math.max(4.5, 3 * sigma);
  const inlierShare = residuals.filter((residual) => residual < tolerance).length / residuals.length;
  return { paint, sigma, inlierShare, samples: smooth.samples, residuals };
}
