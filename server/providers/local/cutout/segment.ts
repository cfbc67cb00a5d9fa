import { toLab } from "../image/lab.ts";
import {
  boundsOf,
  createMask,
  type Mask,
  type Picture,
  type PixelRect,
  type Plane,
} from "../image/picture.ts";
import { type Background, fitBackground, holeTolerance, isPlain, toleranceOf } from "./background.ts";
import { cleanMask } from "./clean-mask.ts";
import { confidenceOf } from "./confidence.ts";
import { type ColourModels, type CutInput, grabCut, SURE_BACKGROUND, UNKNOWN } from "./grab-cut.ts";
import { findPaleParts, type PaleParts } from "./low-contrast.ts";
import { betterByRows } from "./row-background.ts";
import { otsuThreshold, salience } from "./saliency.ts";
import { focusStart, inFocus } from "./sharpness.ts";

/** Width of the border ring that is taken for background, as a share of the shorter side. */
const RING_SHARE = 0.03;
/** How much it counts that a part is in focus in front of a blurred background. */
const FOCUS_WEIGHT = 5;
/** A background more uneven than this, ΔE, hides parts of its own colour. */
const MAX_EVEN_SIGMA = 1.3;

export type MaskSource = "alpha" | "background" | "saliency" | "centre" | "box";

export interface Segmentation {
  mask: Mask;
  models: ColourModels | null;
  prior: Plane;
  background: Background;
  source: Exclude<MaskSource, "alpha">;
  /** 0 to 1. */
  confidence: number;
  /** Parts that were found by their outline, not by their colours. */
  pale?: PaleParts;
}

/** L*a*b* less the fitted background where that is plain, and ΔE from the fit. */
export function featuresOf(picture: Picture, background: Background) {
  const { width, height } = picture;
  const features = toLab(picture.rgb);
  const painted = background.paint(width, height);
  const residual = new Float32Array(width * height);
  const plain = isPlain(background);
  for (let i = 0; i < features.length; i += 3) {
    const [l, a, b] = [
      features[i] - painted[i],
      features[i + 1] - painted[i + 1],
      features[i + 2] - painted[i + 2],
    ];
    residual[i / 3] = Math.sqrt(l * l + a * a + b * b);
    if (!plain) continue;
    features[i] = l;
    features[i + 1] = a;
    features[i + 2] = b;
  }
  return { features, residual, painted };
}

const isInside = (rect: PixelRect, x: number, y: number) =>
  x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;

/** The border ring, or everything outside the user's box. */
function backgroundSamples(width: number, height: number, box: PixelRect | null): Int32Array {
  const ring = Math.max(2, Math.round(Math.min(width, height) * RING_SHARE));
  const inner = { left: ring, top: ring, right: width - ring, bottom: height - ring };
  const collect = (isSample: (x: number, y: number) => boolean) => {
    const samples: number[] = [];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) if (isSample(x, y)) samples.push(y * width + x);
    }
    return Int32Array.from(samples);
  };
  const outside = collect((x, y) => !isInside(box ?? inner, x, y));
  return outside.length >= 200 ? outside : collect((x, y) => !isInside(inner, x, y));
}

interface Start {
  source: Segmentation["source"];
  mask: Mask;
  prior: Plane;
}

/** An ellipse (or the whole box) as the first guess, its prior mixed with what stands out. */
function shapedStart(source: "centre" | "box", rect: PixelRect, saliency: Plane): Start {
  const { width, height } = saliency;
  const mask = createMask(width, height);
  const prior = { width, height, values: new Float32Array(width * height) };
  for (let i = 0; i < prior.values.length; i++) {
    const u = (2 * ((i % width) + 0.5 - rect.left)) / (rect.right - rect.left) - 1;
    const v = (2 * (Math.floor(i / width) + 0.5 - rect.top)) / (rect.bottom - rect.top) - 1;
    const reach = source === "box" ? Math.max(Math.abs(u), Math.abs(v)) ** 2 : u * u + v * v;
    mask.values[i] = reach < (source === "box" ? 1 : 0.85) ? 1 : 0;
    prior.values[i] = 0.5 * Math.max(0, Math.min(1, 1.6 - reach * 1.1)) + 0.5 * saliency.values[i];
  }
  return { source, mask, prior };
}

function startsFor(saliency: Plane, plain: boolean, box: PixelRect | null): Start[] {
  const { width, height, values } = saliency;
  const otsu = otsuThreshold(values);
  const threshold = plain ? Math.max(0.35, Math.min(0.6, otsu)) : otsu;
  const mask = createMask(width, height);
  for (let i = 0; i < values.length; i++) mask.values[i] = values[i] > threshold ? 1 : 0;
  const starts: Start[] = [{ source: plain ? "background" : "saliency", mask, prior: saliency }];
  if (box) return [shapedStart("box", box, saliency), ...starts];
  if (plain) return starts;
  const centre = { left: 0.1 * width, top: 0.08 * height, right: 0.9 * width, bottom: 0.92 * height };
  return [...starts, shapedStart("centre", centre, saliency)];
}

/**
 * Finds the object by what differs from the border, or from everything outside `box`. A plain background is
 * fitted and subtracted; on a busy one several first guesses compete by their confidence.
 */
export function segment(picture: Picture, box: PixelRect | null, fine: Picture = picture): Segmentation {
  const { width, height } = picture;
  const samples = backgroundSamples(width, height, box);
  const lab = toLab(picture.rgb);
  const smooth = fitBackground(lab, width, height, samples);
  const background = box ? smooth : betterByRows(smooth, lab, width, height);
  const plain = isPlain(background);
  const { features, residual, painted } = featuresOf(picture, background);
  const saliency = salience(features, residual, painted, background, width, height);
  const known = new Uint8Array(width * height).fill(UNKNOWN);
  samples.forEach((pixel, k) => {
    if (box || !plain || background.residuals[k] < toleranceOf(background)) known[pixel] = SURE_BACKGROUND;
  });
  const focused = plain || box ? null : focusStart(inFocus(fine, width, height));
  const starts: Start[] = focused ? [{ source: "saliency", ...focused }] : startsFor(saliency, plain, box);
  const candidates = starts.map((start): Segmentation => {
    const input: CutInput = {
      width,
      height,
      features,
      known,
      prior: start.prior,
      priorWeight: focused ? FOCUS_WEIGHT : plain ? 3 : 1.5,
      smoothness: plain ? 8 : 25,
    };
    const { mask, models } = grabCut(start.mask, input, background === smooth && plain ? 4 : 7);
    cleanMask(mask, residual, holeTolerance(background));
    const confidence = confidenceOf(mask, features, models, plain);
    const source = box ? "box" : start.source;
    return { mask, models, prior: start.prior, background, source, confidence };
  });
  const best = candidates.reduce((one, next) => (rank(next, box) > rank(one, box) ? next : one));
  if (box || background !== smooth || background.sigma > MAX_EVEN_SIGMA) return best;
  const pale = findPaleParts(
    best.mask,
    { width, height, features, known },
    residual,
    painted,
    background.sigma,
  );
  if (pale === null) return best;
  const confidence = confidenceOf(pale.mask, features, pale.models, plain);
  return { ...best, mask: pale.mask, pale, confidence: Math.max(confidence, best.confidence) };
}

/** Between cut-outs of like confidence the larger one is more often the whole object; it should fill a drawn box. */
function rank({ mask, confidence }: Segmentation, box: PixelRect | null): number {
  const share = mask.values.reduce((sum, value) => sum + value, 0) / mask.values.length;
  if (box === null) return confidence * (0.8 + 0.4 * Math.min(0.7, share));
  const bounds = boundsOf(mask);
  if (bounds === null) return 0;
  const across = (bounds.right - bounds.left) / (box.right - box.left);
  const down = (bounds.bottom - bounds.top) / (box.bottom - box.top);
  return confidence * (0.2 + 0.8 * Math.min(1, across) * Math.min(1, down));
}
