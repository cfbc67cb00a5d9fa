import sharp from "sharp";
import type { Texture } from "./front-texture.ts";

/** The back carries less detail and takes half the scale. */
const BACK_SCALE = 0.5;
const JPEG_QUALITY = 88;

/** Maps a texture's own coordinates (0 to 1) into the atlas: `offset + scale · uv`. */
export interface Chart {
  offset: [number, number];
  scale: [number, number];
}

export interface Atlas {
  jpeg: Uint8Array;
  front: Chart;
  back: Chart;
}

/** Lays front and back next to each other in one JPEG, no side longer than `maxSide` pixels. */
export async function packAtlas(front: Texture, back: Texture, maxSide: number): Promise<Atlas> {
  const isTall = front.height > front.width;
  const unit = isTall
    ? { width: front.width * (1 + BACK_SCALE), height: front.height }
    : { width: front.width, height: front.height * (1 + BACK_SCALE) };
  const scale = Math.min(1, maxSide / Math.max(unit.width, unit.height));
  const size = (texture: Texture, factor: number) => ({
    width: Math.max(1, Math.round(texture.width * factor)),
    height: Math.max(1, Math.round(texture.height * factor)),
  });
  const [frontSize, backSize] = [size(front, scale), size(front, scale * BACK_SCALE)];
  const width = isTall ? frontSize.width + backSize.width : frontSize.width;
  const height = isTall ? frontSize.height : frontSize.height + backSize.height;
  const place = isTall ? { left: frontSize.width, top: 0 } : { left: 0, top: frontSize.height };
  const [frontPixels, backPixels] = [await resize(front, frontSize), await resize(back, backSize)];
  const jpeg = await sharp({ create: { width, height, channels: 3, background: averageOf(front) } })
    .composite([
      { input: frontPixels, raw: { ...frontSize, channels: 3 }, left: 0, top: 0 },
      { input: backPixels, raw: { ...backSize, channels: 3 }, ...place },
    ])
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
  const chart = (left: number, top: number, part: { width: number; height: number }): Chart => ({
    offset: [left / width, top / height],
    scale: [part.width / width, part.height / height],
  });
  return {
    jpeg: new Uint8Array(jpeg),
    front: chart(0, 0, frontSize),
    back: chart(place.left, place.top, backSize),
  };
}

async function resize(texture: Texture, size: { width: number; height: number }): Promise<Buffer> {
  const { width, height } = texture;
  return await sharp(texture.rgb, { raw: { width, height, channels: 3 } })
    .resize(size.width, size.height, { fit: "fill" })
    .raw()
    .toBuffer();
}

function averageOf({ rgb }: Texture): { r: number; g: number; b: number } {
  const sums = [0, 0, 0];
  rgb.forEach((value, i) => {
    sums[i % 3] += value;
  });
  const [r, g, b] = sums.map((sum) => Math.round((sum * 3) / rgb.length));
  return { r, g, b };
}
