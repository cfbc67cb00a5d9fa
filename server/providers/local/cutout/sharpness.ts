import { boxBlur } from "../image/blur.ts";
import {
  createMask,
  createPlane,
  luminanceOf,
  type Mask,
  type Picture,
  type Plane,
  planeOf,
  sample,
} from "../image/picture.ts";

/** Contrast between neighbouring pixels, of 1, below which there is only grain. */
const MIN_CONTRAST = 0.012;
/** The sharpest edges count as one, and those this much softer as nothing. */
const MAX_SOFTNESS = 0.45;

/** How sharp the edges of the picture are, 0 to 1; zero where there is none. */
function edgeSharpness(picture: Picture): Plane {
  const light = luminanceOf(picture);
  const fine = boxBlur(light, 1);
  const broad = boxBlur(fine, 2);
  const detail = createPlane(light.width, light.height);
  const contrast = createPlane(light.width, light.height);
  for (let i = 0; i < detail.values.length; i++) {
    detail.values[i] = Math.abs(light.values[i] - fine.values[i]);
    contrast.values[i] = Math.abs(light.values[i] - broad.values[i]);
  }
  const top = boxBlur(detail, 1).values;
  const bottom = boxBlur(contrast, 1).values;
  const ratio = Float32Array.from(top, (value, i) =>
    value > MIN_CONTRAST ? value / Math.max(1e-6, bottom[i]) : 0,
  );
  const known = ratio.filter((value) => value > 0).sort();
  const sharpest = known[Math.floor(known.length * 0.95)] ?? 1;
  for (let i = 0; i < ratio.length; i++) {
    ratio[i] = Math.max(0, Math.min(1, (ratio[i] / sharpest - MAX_SOFTNESS) / (1 - MAX_SOFTNESS)));
  }
  return { width: light.width, height: light.height, values: ratio };
}

/**
 * Where the object stands out in focus from a blurred background: how sharp the edges are that
 * lie
 * to the left and right of a pixel and above it, 0 to 1, on a grid of `width` × `height`.
 */
export function inFocus(picture: Picture, width: number, height: number): Plane {
  const edges = boxBlur(edgeSharpness(picture), Math.max(1, Math.round(picture.width / width)));
  const small = createPlane(width, height);
  for (let i = 0; i < small.values.length; i++) {
    const x = (((i % width) + 0.5) * picture.width) / width - 0.5;
    small.values[i] = sample(edges, x, ((Math.floor(i / width) + 0.5) * picture.height) / height - 0.5);
  }
  const surrounded = createPlane(width, height);
  surrounded.values.fill(1);
  const sweep = (start: number, step: number, count: number) => {
    let most = 0;
    for (let k = 0; k < count; k++) {
      const i = start + k * step;
      most = Math.max(most, small.values[i]);
      surrounded.values[i] = Math.min(surrounded.values[i], most);
    }
  };
  for (let y = 0; y < height; y++) {
    sweep(y * width, 1, width);
    sweep((y + 1) * width - 1, -1, width);
  }
  // Not from below: the foot of an object often fades into its shadow.
  for (let x = 0; x < width; x++) sweep(x, width, height);
  return surrounded;
}

/** In focus enough to be the object. */
const MIN_FOCUS = 0.2;
/** Of the border's pixels; more and the background is not out of focus. */
const MAX_SHARP_BORDER = 0.04;
const MIN_AREA = 0.02;
const MAX_AREA = 0.7;

/** What is in focus, smoothed, and how surely it is the object; null where the background is as sharp. */
export function focusStart(focus: Plane): { mask: Mask; prior: Plane } | null {
  const { width, height } = focus;
  const smooth = boxBlur(focus, 2);
  const mask = createMask(width, height);
  let area = 0;
  let border = 0;
  let sharpBorder = 0;
  for (let i = 0; i < mask.values.length; i++) {
    if (smooth.values[i] > MIN_FOCUS) mask.values[i] = 1;
    area += mask.values[i];
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x > 4 && y > 4 && x < width - 5 && y < height - 5) continue;
    border++;
    sharpBorder += mask.values[i];
  }
  const share = area / mask.values.length;
  if (sharpBorder > MAX_SHARP_BORDER * border || share < MIN_AREA || share > MAX_AREA) return null;
  const prior = boxBlur(planeOf(mask), 2);
  return { mask, prior };
}
