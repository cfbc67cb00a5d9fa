import sharp from "sharp";
import type { Box } from "../../../contract/generation.ts";
import { AppError } from "../../../errors.ts";
import { type Picture, type PixelRect, pictureOf } from "./picture.ts";

const MAX_INPUT_PIXELS = 60_000_000;
const MIN_SIDE_PIXELS = 16;
/** How much of the box's size is kept around it, to learn the background's colours from. */
const BOX_MARGIN = 0.15;

export interface DecodedPhoto {
  picture: Picture;
  /** The user's box in the picture's pixels; null without one. */
  box: PixelRect | null;
}

/**
 * Reads the photo upright in sRGB, no side longer than `maxSide` pixels. With a box only the box and a margin
 * around it are kept. Throws `photo-damaged` and `photo-too-small`.
 */
export async function decodePhoto(path: string, box: Box | null, maxSide: number): Promise<DecodedPhoto> {
  sharp.cache(false);
  sharp.concurrency(1);
  try {
    const photo = sharp(path, { limitInputPixels: MAX_INPUT_PIXELS, failOn: "error" });
    const { width, height } = (await photo.metadata()).autoOrient;
    const crop = box === null ? null : cropAround(box, width, height);
    const { data, info } = await photo
      .autoOrient()
      .extract(crop?.outer ?? { left: 0, top: 0, width, height })
      .toColourspace("srgb")
      .ensureAlpha()
      .resize(maxSide, maxSide, { fit: "inside", withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (Math.min(info.width, info.height) < MIN_SIDE_PIXELS) throw new AppError("photo-too-small");
    return {
      picture: pictureOf(data, info.width, info.height),
      box: crop && scaleRect(crop.inner, info.width / crop.outer.width),
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("photo-damaged", { cause: error });
  }
}

function cropAround(box: Box, width: number, height: number) {
  const clampX = (x: number) => Math.round(Math.min(Math.max(x, 0), 1) * width);
  const clampY = (y: number) => Math.round(Math.min(Math.max(y, 0), 1) * height);
  const left = clampX(box.x - BOX_MARGIN * box.width);
  const top = clampY(box.y - BOX_MARGIN * box.height);
  const right = clampX(box.x + (1 + BOX_MARGIN) * box.width);
  const bottom = clampY(box.y + (1 + BOX_MARGIN) * box.height);
  return {
    outer: { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) },
    inner: {
      left: clampX(box.x) - left,
      top: clampY(box.y) - top,
      right: clampX(box.x + box.width) - left,
      bottom: clampY(box.y + box.height) - top,
    },
  };
}

export const scaleRect = (rect: PixelRect, scale: number): PixelRect => ({
  left: Math.round(rect.left * scale),
  top: Math.round(rect.top * scale),
  right: Math.round(rect.right * scale),
  bottom: Math.round(rect.bottom * scale),
});
