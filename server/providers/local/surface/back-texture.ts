import { blur, weightedBlur } from "../image/blur.ts";
import { signedDistance } from "../image/distance-transform.ts";
import { createPlane, type Mask, type Plane, planeOf } from "../image/picture.ts";
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
export function backTexture(front: Texture, pure: Mask): Texture {
  const { width, height } = front;
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
  return { width, height, rgb };
}
