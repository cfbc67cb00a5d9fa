import sharp from "sharp";
import { blur, weightedBlur } from "../image/blur.ts";
import { signedDistance } from "../image/distance-transform.ts";
import { createMask, createPlane, type Plane, planeOf } from "../image/picture.ts";
import type { Texture } from "./front-texture.ts";

/** Detail broader than this share of the longer side is kept on the back. */
const BROAD_SHARE = 0.035;
const MAX_GRAIN = 12;
/** The back equals the front within this share of the longer side from the outline, where both meet. */
const SEAM_SHARE = 0.05;

function channelOf({ width, height, rgb }: Texture, c: number): Plane {
  const plane = createPlane(width, height);
  for (let i = 0; i < plane.values.length; i++) plane.values[i] = rgb[i * 3 + c];
  return plane;
}

/**
 * A guess of the side that the photo does not show: the object's broad colours and fine grain without the
 * features of its front, which fade in towards the outline.
 */
export async function backTexture(full: Texture): Promise<Texture> {
  const front = await halve(full);
  const { width, height, pure } = front;
  const longer = Math.max(width, height);
  const weight = planeOf(pure);
  const distance = signedDistance(pure).values;
  const rgb = new Uint8Array(front.rgb.length);
  for (let c = 0; c < 3; c++) {
    const channel = channelOf(front, c);
    const broad = weightedBlur(channel, weight, BROAD_SHARE * longer, Number.NaN).values;
    const smooth = blur(channel, 2).values;
    for (let i = 0; i < broad.length; i++) {
      const own = channel.values[i];
      const seam = Math.max(0, Math.min(1, 1 - distance[i] / (SEAM_SHARE * longer)));
      const grain = Math.max(-MAX_GRAIN, Math.min(MAX_GRAIN, own - smooth[i]));
      const guess = Number.isNaN(broad[i]) ? own : broad[i] + grain;
      rgb[i * 3 + c] = Math.max(0, Math.min(255, Math.round(guess * (1 - seam) + own * seam)));
    }
  }
  return { width, height, rgb, pure };
}

/** The back carries no fine detail of its own: half the resolution is enough. */
async function halve({ width, height, rgb, pure }: Texture): Promise<Texture> {
  const [w, h] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const small = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(w, h, { fit: "fill" })
    .raw()
    .toBuffer();
  const mask = createMask(w, h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) mask.values[y * w + x] = pure.values[2 * y * width + 2 * x];
  }
  return { width: w, height: h, rgb: new Uint8Array(small), pure: mask };
}
