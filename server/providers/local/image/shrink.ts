import sharp from "sharp";
import { type DecodedPhoto, scaleRect } from "./decode-photo.ts";
import { type Picture, pictureOf } from "./picture.ts";

/** The picture with its longest side at most `maxSide` pixels. */
export async function shrink(picture: Picture, maxSide: number): Promise<Picture> {
  const { width, height } = picture;
  if (Math.max(width, height) <= maxSide) return picture;
  const colours = sharp(picture.rgb, { raw: { width, height, channels: 3 } });
  const whole =
    picture.alpha === null
      ? colours
      : colours.joinChannel(Buffer.from(picture.alpha), { raw: { width, height, channels: 1 } });
  const { data, info } = await whole
    .resize(maxSide, maxSide, { fit: "inside" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return pictureOf(data, info.width, info.height);
}

/** The same for a photo and its box. */
export async function shrinkPhoto(photo: DecodedPhoto, maxSide: number): Promise<DecodedPhoto> {
  const picture = await shrink(photo.picture, maxSide);
  return { picture, box: photo.box && scaleRect(photo.box, picture.width / photo.picture.width) };
}
