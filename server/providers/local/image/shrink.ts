import sharp from "sharp";
import type { Picture } from "./picture.ts";

/** The opaque picture with its longest side at most `maxSide` pixels. */
export async function shrink(picture: Picture, maxSide: number): Promise<Picture> {
  const { width, height } = picture;
  const { data, info } = await sharp(picture.rgb, { raw: { width, height, channels: 3 } })
    .resize(maxSide, maxSide, { fit: "inside", withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data), alpha: null };
}
