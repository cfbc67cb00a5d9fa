import sharp, { type OverlayOptions } from "sharp";
import type { Texture } from "./front-texture.ts";

/** The back carries less detail and takes half the scale. */
const BACK_SCALE = 0.5;
/** Breadth kept for what neither of the two covers, as a share of the front's. */
const STRIP_SHARE = 0.5;
const JPEG_QUALITY = 88;

interface Size {
  width: number;
  height: number;
}

/** A rectangle of the atlas, pixels. */
export interface Chart extends Size {
  left: number;
  top: number;
}

/** Front and back next to each other, and room for a strip along both. */
export interface AtlasPlan extends Size {
  front: Chart;
  back: Chart;
  /** The most that the strip may take; upright strips lie to the right, the others below. */
  strip: { length: number; breadth: number; isUpright: boolean };
}

/** Lays out front and back so that with the strip no side is longer than `maxSide` pixels. */
export function planAtlas(front: Size, maxSide: number): AtlasPlan {
  const isTall = front.height > front.width;
  const most = 1 + BACK_SCALE + STRIP_SHARE;
  const unit = isTall
    ? { width: front.width * most, height: front.height }
    : { width: front.width, height: front.height * most };
  const scale = Math.min(1, maxSide / Math.max(unit.width, unit.height));
  const size = (factor: number) => ({
    width: Math.max(1, Math.floor(front.width * factor)),
    height: Math.max(1, Math.floor(front.height * factor)),
  });
  const [own, half] = [size(scale), size(scale * BACK_SCALE)];
  const place = isTall ? { left: own.width, top: 0 } : { left: 0, top: own.height };
  const width = isTall ? own.width + half.width : own.width;
  const height = isTall ? own.height : own.height + half.height;
  return {
    width,
    height,
    front: { left: 0, top: 0, ...own },
    back: { ...place, ...half },
    strip: isTall
      ? { length: height, breadth: Math.floor(own.width * STRIP_SHARE), isUpright: true }
      : { length: width, breadth: Math.floor(own.height * STRIP_SHARE), isUpright: false },
  };
}

/** The whole picture as a JPEG, its size and where the strip begins. */
export async function drawAtlas(
  plan: AtlasPlan,
  front: Texture,
  back: Texture,
  strip: Size & { rgb: Uint8Array },
): Promise<{ jpeg: Uint8Array; size: Size; strip: { left: number; top: number } }> {
  const { isUpright } = plan.strip;
  const place = isUpright ? { left: plan.width, top: 0 } : { left: 0, top: plan.height };
  const size = isUpright
    ? { width: plan.width + strip.width, height: plan.height }
    : { width: plan.width, height: plan.height + strip.height };
  const parts: OverlayOptions[] = [
    {
      input: await resize(front, plan.front),
      ...rawOf(plan.front),
      left: plan.front.left,
      top: plan.front.top,
    },
    { input: await resize(back, plan.back), ...rawOf(plan.back), left: plan.back.left, top: plan.back.top },
  ];
  if (strip.width * strip.height > 0)
    parts.push({ input: Buffer.from(strip.rgb), ...rawOf(strip), ...place });
  const jpeg = await sharp({ create: { ...size, channels: 3, background: averageOf(front) } })
    .composite(parts)
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
  return { jpeg: new Uint8Array(jpeg), size, strip: place };
}

const rawOf = ({ width, height }: Size) => ({ raw: { width, height, channels: 3 as const } });

async function resize(texture: Texture, { width, height }: Size): Promise<Buffer> {
  return await sharp(texture.rgb, rawOf(texture)).resize(width, height, { fit: "fill" }).raw().toBuffer();
}

function averageOf({ rgb }: Texture): { r: number; g: number; b: number } {
  const sums = [0, 0, 0];
  rgb.forEach((value, i) => {
    sums[i % 3] += value;
  });
  const [r, g, b] = sums.map((sum) => Math.round((sum * 3) / rgb.length));
  return { r, g, b };
}
