import { boxBlur } from "../image/blur.ts";
import { labelComponents } from "../image/components.ts";
import { createMask, type Mask, planeOf } from "../image/picture.ts";
import { cleanMask } from "./clean-mask.ts";
import { isShade } from "./contact-shadow.ts";
import { type ColourModels, type CutInput, cutWith } from "./grab-cut.ts";
import { completeMirrored } from "./mirrored-part.ts";

/** ΔE from an even background at which the object may begin, tried one after the other. */
const LADDER = [7, 5, 3.6, 2.7, 2, 1.5];
/** A step of this many ΔE across the outline is a clear edge. */
const CLEAR_STEP = 2.5;
/** What an edge counts that a shadow may have as well. */
const SHADE_WORTH = 0.35;
/** The outline of a piece must be this clear to be the object's. */
const MIN_CLEARNESS = 0.63;
/** What differs more than this, ΔE, on the whole is not pale: if it was no object before, it is a shadow. */
const MAX_PALENESS = 6.5;
/** The darker a piece, the more clearly it must be no shadow: more clearness per ΔE beyond 4. */
const DARK_DOUBT = 0.06;
/** A piece that borders on pale parts this far around may be less clear. */
const MIN_ENCLOSURE = 0.4;
const MIN_GAP_CLEARNESS = 0.42;
/** Half the width of a fringe, pixels, and the share of its outline that touches the object. */
const MAX_FRINGE = 2;
const MIN_FRINGE_TOUCH = 0.3;
const LARGE_SHARE = 0.06;
/** Grain of an even background stays below this, ΔE. */
const NOT_BACKGROUND = 0.9;
/** Smaller pieces, as a share of the whole, are left alone. */
const MIN_PIECE_SHARE = 0.004;
/** Rim pixels are this many ΔE farther from the background than what lies deeper inside. */
const RIM_STEP = 0.35;
const DEEP_PIXELS = 5;
/** Half the width of the cut's band, pixels: where a pale piece's own models count. */
const REACH = 4;

export interface PaleParts {
  /** The object with them. */
  mask: Mask;
  /** Where they are and a little around. */
  where: Mask;
  models: ColourModels;
  /** Whether they are a good part of the object. */
  isLarge: boolean;
}

/** Everything that lies farther than `threshold` ΔE from the background is the object. */
function modelsFor(threshold: number): ColourModels {
  const spread = threshold / 2.2;
  const object = 0.5 * (threshold / spread) ** 2;
  return {
    object: { cost: () => object },
    background: { cost: (x, y, z) => (0.5 * (x * x + y * y + z * z)) / (spread * spread) },
  };
}

/**
 * How clear a piece's outline is, 0 to 1, where it borders on the background. A shadow is darkest inside and fades
 * towards its outline; an object as pale as the background stands out most at its rim.
 */
function clearness(
  isPiece: (i: number) => boolean,
  whole: Mask,
  features: Float32Array,
  residual: Float32Array,
  painted: Float32Array,
): number {
  const { width, height, values } = whole;
  const at = (x: number, y: number) =>
    Math.min(height - 1, Math.max(0, Math.round(y))) * width +
    Math.min(width - 1, Math.max(0, Math.round(x)));
  let clear = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (!isPiece(i)) continue;
      const [nx, ny] = [values[i - 1] - values[i + 1], values[i - width] - values[i + width]];
      if (nx === 0 && ny === 0) continue;
      const length = Math.hypot(nx, ny);
      const along = (way: number) => at(x + (way * nx) / length, y + (way * ny) / length);
      const [inner, outer, deep] = [along(-1), along(2), along(-DEEP_PIXELS)];
      const step = Math.max(residual[i], residual[inner]) - residual[outer];
      const hasRim = Math.max(residual[i], residual[inner]) > residual[deep] + RIM_STEP;
      clear +=
        Math.min(1, Math.max(0, step) / CLEAR_STEP) *
        (isShade(features, painted, inner) && !hasRim ? SHADE_WORTH : 1);
      count++;
    }
  }
  return clear / Math.max(1, count);
}

function medianOver(residual: Float32Array, isPiece: (i: number) => boolean): number {
  const inside = residual.filter((_, i) => isPiece(i)).sort();
  return inside[inside.length >> 1] ?? 0;
}

/** Share of a piece's outline that borders on `parts`. */
function enclosure(isPiece: (i: number) => boolean, { width, values }: Mask): number {
  let own = 0;
  let all = 0;
  for (let i = width; i < values.length - width; i++) {
    if (!isPiece(i)) continue;
    for (const next of [i - 1, i + 1, i - width, i + width]) {
      if (isPiece(next)) continue;
      own += values[next];
      all++;
    }
  }
  return own / Math.max(1, all);
}

/** A thin band along the object: its soft outline, not a part of it. */
function isFringe(isPiece: (i: number) => boolean, area: number, object: Mask): boolean {
  const { width, values } = object;
  let border = 0;
  for (let i = width; i < values.length - width; i++) {
    if (!isPiece(i)) continue;
    for (const next of [i - 1, i + 1, i - width, i + width]) if (!isPiece(next)) border++;
  }
  return area < MAX_FRINGE * border && enclosure(isPiece, object) > MIN_FRINGE_TOUCH;
}

/** Adds what lies between the left and the right end of a piece and is not quite background. */
function fillBetween(piece: Mask, mask: Mask, residual: Float32Array): void {
  const { width, height, values } = piece;
  for (let y = 0; y < height; y++) {
    const row = values.subarray(y * width, (y + 1) * width);
    const [first, last] = [row.indexOf(1), row.lastIndexOf(1)];
    for (let x = Math.max(0, first); x < last; x++) {
      const i = y * width + x;
      if (!mask.values[i] && residual[i] > NOT_BACKGROUND) mask.values[i] = values[i] = 1;
    }
  }
}

/**
 * Parts of the object that are nearly as pale as an even background, which colours alone do not tell from it. Features
 * are L*a*b* less the background. Null where there are none.
 */
export function findPaleParts(
  found: Mask,
  input: Omit<CutInput, "prior" | "priorWeight" | "smoothness">,
  residual: Float32Array,
  painted: Float32Array,
  sigma: number,
): PaleParts | null {
  const { width, height } = input;
  const prior = { width, height, values: new Float32Array(width * height) };
  const mask = { ...found, values: found.values.slice() };
  const pale = createMask(width, height);
  let models: ColourModels | null = null;
  for (const threshold of LADDER.filter((step) => step > 1.7 * sigma)) {
    const own = modelsFor(threshold);
    const cut = cutWith(own, { ...input, prior, priorWeight: 0, smoothness: 3 });
    for (let i = 0; i < cut.values.length; i++) if (mask.values[i]) cut.values[i] = 1;
    cleanMask(cut, residual, threshold);
    const area = cut.values.reduce((sum, value) => sum + value, 0);
    const added = createMask(width, height);
    for (let i = 0; i < added.values.length; i++) added.values[i] = cut.values[i] && !mask.values[i] ? 1 : 0;
    const { labels, components } = labelComponents(added);
    for (const piece of components) {
      if (piece.area < MIN_PIECE_SHARE * area || piece.touchesBorder) continue;
      const isPiece = (i: number) => labels[i] === piece.id;
      const typical = medianOver(residual, isPiece);
      if (isFringe(isPiece, piece.area, found)) continue;
      const isGap = enclosure(isPiece, pale) > MIN_ENCLOSURE;
      const least = (isGap ? MIN_GAP_CLEARNESS : MIN_CLEARNESS) + DARK_DOUBT * Math.max(0, typical - 4);
      if (typical > MAX_PALENESS || clearness(isPiece, cut, input.features, residual, painted) < least)
        continue;
      models = own;
      const body = createMask(width, height);
      for (let i = 0; i < labels.length; i++) if (isPiece(i)) mask.values[i] = body.values[i] = 1;
      fillBetween(body, mask, residual);
      for (let i = 0; i < labels.length; i++) if (body.values[i]) pale.values[i] = 1;
    }
  }
  if (models === null) return null;
  completeMirrored(pale, mask);
  const near = boxBlur(planeOf(pale), REACH).values;
  const where = { width, height, values: Uint8Array.from(near, (share) => (share > 0 ? 1 : 0)) };
  const areaOf = ({ values }: Mask) => values.reduce((sum, value) => sum + value, 0);
  return { mask, where, models, isLarge: areaOf(pale) > LARGE_SHARE * areaOf(mask) };
}
