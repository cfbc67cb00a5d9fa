import { AppError } from "../../../errors.ts";
import { keepLargePieces } from "../image/components.ts";
import type { DecodedPhoto } from "../image/decode-photo.ts";
import { createMask, type Mask, type Picture, type Plane, planeOf } from "../image/picture.ts";
import { shrink } from "../image/shrink.ts";
import { alphaMatte } from "./alpha-matte.ts";
import { isPlain } from "./background.ts";
import { isBlank } from "./blank-check.ts";
import { refineMask } from "./refine-mask.ts";
import { type MaskSource, segment } from "./segment.ts";

/** Longest side of the picture that is segmented first, pixels. */
const COARSE_SIDE = 256;
const MIN_PLAIN_CONFIDENCE = 0.1;
const MIN_BUSY_CONFIDENCE = 0.5;
const MIN_BOX_CONFIDENCE = 0.12;
const MIN_AREA = 0.003;
const MAX_AREA = 0.93;

export type ModeChoice = "auto" | "object" | "relief";

export interface CutOut {
  mode: "object" | "relief";
  maskSource: MaskSource | "none";
  /** 0 to 1; zero for a relief, where nothing was found. */
  confidence: number;
  /** Opaque; transparent pixels of a photo with alpha keep their colour. */
  picture: Picture;
  /** The object; everything for a relief. */
  mask: Mask;
  /** How much of each pixel the object covers, 0 to 1: where between two pixels the outline runs. */
  alpha: Plane;
}

/** The photo's own transparency as a mask; null where it has none worth the name. */
function maskFromAlpha({ width, height, alpha }: Picture): Mask | null {
  if (alpha === null) return null;
  const clear = alpha.reduce((count, value) => count + (value < 32 ? 1 : 0), 0);
  if (clear === alpha.length) throw new AppError("no-object-found");
  if (clear < 0.02 * alpha.length) return null;
  const mask = createMask(width, height);
  for (let i = 0; i < alpha.length; i++) mask.values[i] = alpha[i] > 127 ? 1 : 0;
  keepLargePieces(mask, 0.02);
  return mask.values.includes(1) ? mask : null;
}

function overWhite(picture: Picture): Picture {
  const { alpha } = picture;
  if (alpha === null) return picture;
  const rgb = Uint8Array.from(picture.rgb, (value, i) => {
    const opacity = alpha[Math.floor(i / 3)] / 255;
    return Math.round(value * opacity + 255 * (1 - opacity));
  });
  return { ...picture, rgb, alpha: null };
}

function wholePicture(picture: Picture): CutOut {
  const mask = createMask(picture.width, picture.height);
  mask.values.fill(1);
  return { mode: "relief", maskSource: "none", confidence: 0, picture, mask, alpha: planeOf(mask) };
}

/** The mask by what its pixels' colours say of how much of them the object covers. */
function softened(picture: Picture, coarse: Mask): Pick<CutOut, "mask" | "alpha"> {
  const alpha = alphaMatte(picture, coarse);
  const mask = { ...coarse, values: Uint8Array.from(alpha.values, (share) => (share > 0.5 ? 1 : 0)) };
  return mask.values.includes(1) ? { mask, alpha } : { mask: coarse, alpha: planeOf(coarse) };
}

/**
 * Separates the object from its background: by the photo's alpha, otherwise by colour. In `auto` a photo without
 * a clear object becomes a relief. Throws `no-object-found` for an empty or noisy picture, and when an object
 * was asked for and none is there.
 */
export async function cutOut(photo: DecodedPhoto, choice: ModeChoice): Promise<CutOut> {
  const alphaMask = maskFromAlpha(photo.picture);
  if (alphaMask && choice !== "relief") {
    const picture = { ...photo.picture, alpha: null };
    const alpha = planeOf(alphaMask);
    for (let i = 0; i < alpha.values.length; i++) alpha.values[i] *= photo.picture.alpha![i] / 255;
    return { mode: "object", maskSource: "alpha", confidence: 1, picture, mask: alphaMask, alpha };
  }
  const picture = overWhite(photo.picture);
  const coarse = await shrink(picture, COARSE_SIDE);
  if (isBlank(coarse)) throw new AppError("no-object-found");
  if (choice === "relief") return wholePicture(picture);

  const scale = coarse.width / picture.width;
  const box = photo.box && {
    left: photo.box.left * scale,
    top: photo.box.top * scale,
    right: photo.box.right * scale,
    bottom: photo.box.bottom * scale,
  };
  const found = segment(coarse, box, picture);
  const mask = refineMask(found, picture);
  const share = mask.values.reduce((sum, value) => sum + value, 0) / mask.values.length;
  const isUsable = share > MIN_AREA && share < MAX_AREA;
  const least = box
    ? MIN_BOX_CONFIDENCE
    : isPlain(found.background)
      ? MIN_PLAIN_CONFIDENCE
      : MIN_BUSY_CONFIDENCE;
  if (isUsable && (choice === "object" || found.confidence >= least)) {
    const { source: maskSource, confidence } = found;
    return { mode: "object", maskSource, confidence, picture, ...softened(picture, mask) };
  }
  if (choice === "object" || box) throw new AppError("no-object-found");
  return wholePicture(picture);
}
