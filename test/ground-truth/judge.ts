import { type Look, look } from "./look.ts";
import type { TexturedMesh } from "./read-model.ts";
import { stretchedShare } from "./stretch.ts";
import type { Grey, Truth } from "./truth.ts";

/** How well a model made of one photo fits what is known about it. Shares are 0 to 1. */
export interface Judgement {
  /** Intersection over union of the model's front and the true mask, best placed. */
  frontIou: number;
  /** The same of the outline from the side, which the photo does not show. */
  sideIou: number;
  /** Pearson correlation of the front's depth with the true one, where both are. */
  depthCorrelation: number;
  /** Openings that one can see through, and how many there should be. */
  openings: number;
  trueOpenings: number;
  /** Mean difference of the texture from the photo within four pixels of the true outline, of 255. */
  rimError: number;
  /** Share of the surface whose texture is stretched more than five times as much one way as the other. */
  stretched: number;
}

/** Openings smaller than this share of the object are grain. */
const MIN_OPENING = 0.002;
const RIM_PIXELS = 4;

interface Placement {
  scale: number;
  x: number;
  y: number;
}

const isSolid = ({ values }: Grey, i: number) => values[i] > 127;

function boundsOf(grey: Grey) {
  let [left, top, right, bottom] = [grey.width, grey.height, 0, 0];
  grey.values.forEach((_, i) => {
    if (!isSolid(grey, i)) return;
    const [x, y] = [i % grey.width, Math.floor(i / grey.width)];
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  });
  return { left, top, right, bottom };
}

/** Where the looked-at pixel of a true pixel lies; −1 outside. */
function pixelAt(seen: Look, { scale, x, y }: Placement, column: number, row: number): number {
  const sx = Math.floor((column + 0.5 - x) / scale);
  const sy = Math.floor((row + 0.5 - y) / scale);
  return sx < 0 || sy < 0 || sx >= seen.width || sy >= seen.height ? -1 : sy * seen.width + sx;
}

const isSeen = (seen: Look, pixel: number) => pixel >= 0 && seen.nearness[pixel] > -Infinity;

function iouOf(seen: Look, grey: Grey, placement: Placement): number {
  let both = 0;
  let either = 0;
  for (let row = 0; row < grey.height; row++) {
    for (let column = 0; column < grey.width; column++) {
      const a = isSolid(grey, row * grey.width + column);
      const b = isSeen(seen, pixelAt(seen, placement, column, row));
      if (a && b) both++;
      if (a || b) either++;
    }
  }
  return both / Math.max(1, either);
}

/** Scale and shift that fit best: a search from the two bounding boxes in ever smaller steps. */
function placeOver(seen: Look, grey: Grey): { placement: Placement; iou: number } {
  const { left, top, right, bottom } = boundsOf(grey);
  const [width, height] = [seen.width - 2, seen.height - 2];
  const starts = [
    (right - left) / width,
    (bottom - top) / height,
    Math.sqrt(((right - left) * (bottom - top)) / (width * height)),
  ].map((scale) => ({
    scale,
    x: (left + right - seen.width * scale) / 2,
    y: (top + bottom - seen.height * scale) / 2,
  }));
  let best = { placement: starts[0], iou: 0 };
  const offer = (placement: Placement) => {
    const iou = iouOf(seen, grey, placement);
    if (iou > best.iou) best = { placement, iou };
    return best.placement === placement;
  };
  for (const start of starts) offer(start);
  const span = Math.max(right - left, bottom - top);
  for (let step = span / 24; step > 0.35; step /= 2) {
    for (let isBetter = true, round = 0; isBetter && round < 6; round++) {
      isBetter = false;
      const { scale, x, y } = best.placement;
      for (const [dx, dy] of [
        [step, 0],
        [-step, 0],
        [0, step],
        [0, -step],
      ]) {
        if (offer({ scale, x: x + dx, y: y + dy })) isBetter = true;
      }
      for (const factor of [1 + step / span, 1 - step / span]) {
        const next = best.placement;
        const grown = (next.scale * factor - next.scale) / 2;
        if (
          offer({
            scale: next.scale * factor,
            x: next.x - grown * seen.width,
            y: next.y - grown * seen.height,
          })
        ) {
          isBetter = true;
        }
      }
    }
  }
  return best;
}

/** Background areas that the object encloses. */
function openingsIn(width: number, height: number, isInside: (i: number) => boolean): number {
  const state = Uint8Array.from({ length: width * height }, (_, i) => (isInside(i) ? 1 : 0));
  const least = MIN_OPENING * state.reduce((sum, value) => sum + value, 0);
  const stack: number[] = [];
  let openings = 0;
  for (let start = 0; start < state.length; start++) {
    if (state[start]) continue;
    let area = 0;
    let touchesBorder = false;
    state[start] = 1;
    stack.push(start);
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const [x, y] = [i % width, Math.floor(i / width)];
      area++;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) touchesBorder = true;
      for (const next of [x > 0 ? i - 1 : i, x < width - 1 ? i + 1 : i, i - width, i + width]) {
        if (next < 0 || next >= state.length || state[next]) continue;
        state[next] = 1;
        stack.push(next);
      }
    }
    if (!touchesBorder && area > least) openings++;
  }
  return openings;
}

function correlation(pairs: [number, number][]): number {
  const n = Math.max(1, pairs.length);
  const [ma, mb] = [0, 1].map((k) => pairs.reduce((sum, pair) => sum + pair[k], 0) / n);
  let [ab, aa, bb] = [0, 0, 0];
  for (const [a, b] of pairs) {
    ab += (a - ma) * (b - mb);
    aa += (a - ma) ** 2;
    bb += (b - mb) ** 2;
  }
  return ab / Math.sqrt(Math.max(1e-12, aa * bb));
}

function depthPairs(seen: Look, { depth, mask }: Truth, placement: Placement): [number, number][] {
  const scale = depth.width / mask.width;
  const scaled = { scale: placement.scale * scale, x: placement.x * scale, y: placement.y * scale };
  const pairs: [number, number][] = [];
  depth.values.forEach((value, i) => {
    const pixel = pixelAt(seen, scaled, i % depth.width, Math.floor(i / depth.width));
    if (value > 0 && isSeen(seen, pixel)) pairs.push([value, seen.nearness[pixel]]);
  });
  return pairs;
}

function rimErrorOf(seen: Look, { mask, photo }: Truth, placement: Placement): number {
  const { width, height } = mask;
  const isSure = (i: number) => mask.values[i] > 250;
  let sum = 0;
  let count = 0;
  for (let y = RIM_PIXELS; y < height - RIM_PIXELS; y++) {
    for (let x = RIM_PIXELS; x < width - RIM_PIXELS; x++) {
      const i = y * width + x;
      const reach = [RIM_PIXELS, -RIM_PIXELS, RIM_PIXELS * width, -RIM_PIXELS * width];
      if (!isSure(i) || !isSure(i + 1) || !isSure(i - 1) || reach.every((step) => isSure(i + step))) continue;
      const pixel = pixelAt(seen, placement, x, y);
      if (!isSeen(seen, pixel)) continue;
      for (let c = 0; c < 3; c++) sum += Math.abs(seen.rgb[pixel * 3 + c] - photo.rgb[i * 3 + c]) / 3;
      count++;
    }
  }
  return sum / Math.max(1, count);
}

/** Only how the front covers the true mask, and the openings that one sees through. */
export function frontFit(mesh: TexturedMesh, { mask }: Truth): { iou: number; openings: number } {
  const front = seenFromFront(mesh, mask);
  return { iou: placeOver(front, mask).iou, openings: openingsSeen(front) };
}

function seenFromFront(mesh: TexturedMesh, mask: Grey): Look {
  const { left, top, right, bottom } = boundsOf(mask);
  return look(mesh, { turn: 0, elevation: 0 }, 2 * Math.max(right - left, bottom - top));
}

const openingsSeen = (seen: Look) => openingsIn(seen.width, seen.height, (i) => isSeen(seen, i));

/** Compares a model with the truth about its photo. */
export function judge(mesh: TexturedMesh, truth: Truth): Judgement {
  const { mask, side } = truth;
  const front = seenFromFront(mesh, mask);
  const { placement, iou } = placeOver(front, mask);
  const sideBounds = boundsOf(side);
  const sideSpan = Math.max(sideBounds.right - sideBounds.left, sideBounds.bottom - sideBounds.top);
  const aside = look(mesh, { turn: 90, elevation: 0 }, sideSpan * 2);
  return {
    frontIou: iou,
    sideIou: placeOver(aside, side).iou,
    depthCorrelation: correlation(depthPairs(front, truth, placement)),
    openings: openingsSeen(front),
    trueOpenings: openingsIn(mask.width, mask.height, (i) => isSolid(mask, i)),
    rimError: rimErrorOf(front, truth, placement),
    stretched: stretchedShare(mesh),
  };
}
