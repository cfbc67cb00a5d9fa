import sharp from "sharp";
import type { Box, Cutout } from "../../../contract/generation.ts";
import { blur } from "../image/blur.ts";
import { decodePhoto } from "../image/decode-photo.ts";
import { boundsOf, planeOf } from "../image/picture.ts";
import { cutOut } from "./cut-out.ts";

const PREVIEW_SIDE = 512;

/** The cut-out alone, cropped to the object. Throws what `cutOut` and `decodePhoto` throw. */
export async function cutoutPreview(photoPath: string, box: Box | null): Promise<Cutout> {
  const { mode, maskSource, confidence, picture, mask } = await cutOut(
    await decodePhoto(photoPath, box, PREVIEW_SIDE),
    "auto",
  );
  const { width, height } = picture;
  const soft = mode === "relief" ? planeOf(mask) : blur(planeOf(mask), 1);
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < mask.values.length; i++) {
    rgba.set(picture.rgb.subarray(i * 3, i * 3 + 3), i * 4);
    rgba[i * 4 + 3] = Math.round(255 * Math.min(1, Math.max(0, 2 * soft.values[i] - 0.5)));
  }
  const rect = boundsOf(mask) ?? { left: 0, top: 0, right: width, bottom: height };
  const { data, info } = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .extract({
      left: rect.left,
      top: rect.top,
      width: rect.right - rect.left,
      height: rect.bottom - rect.top,
    })
    .png()
    .toBuffer({ resolveWithObject: true });
  return {
    mode,
    maskSource,
    confidence: Math.round(confidence * 100) / 100,
    width: info.width,
    height: info.height,
    image: `data:image/png;base64,${data.toString("base64")}`,
    place: box
      ? null
      : {
          x: rect.left / width,
          y: rect.top / height,
          width: info.width / width,
          height: info.height / height,
        },
  };
}
