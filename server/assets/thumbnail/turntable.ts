import sharp from "sharp";
import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";
import { frameCameras, THREE_QUARTER } from "./camera.ts";
import { develop } from "./develop.ts";
import { castShadow } from "./ground-shadow.ts";
import { drawModel, loadSamplers } from "./picture.ts";
import { createCanvas } from "./rasterizer.ts";

export const TURNTABLE_PIXELS = 288;
export const TURNTABLE_FRAMES = 36;
const FRAME_MILLISECONDS = 100;
const SUPERSAMPLING = 2;
const MAX_TEXTURE_PIXELS = 512;
const WEBP_QUALITY = 72;

/**
 * An animated WebP without an end, of one turn in 3.6 seconds that begins at the thumbnail's view: the model and its
 * shadow on nothing. @throws GlbProblem
 */
export async function renderTurntable({ parts, box }: { parts: WorldPart[]; box: Box }): Promise<Buffer> {
  const directions = Array.from({ length: TURNTABLE_FRAMES }, (_, frame) => ({
    ...THREE_QUARTER,
    // The eye goes against the clock seen from above, so that the model turns to the right.
    azimuthDegrees: THREE_QUARTER.azimuthDegrees - (360 * frame) / TURNTABLE_FRAMES,
  }));
  const canvas = createCanvas(TURNTABLE_PIXELS * SUPERSAMPLING);
  const meshes = parts.map(({ positions }) => positions);
  const cameras = frameCameras(meshes, box, canvas.size, directions);
  const samplers = await loadSamplers(parts, MAX_TEXTURE_PIXELS);
  const shadow = castShadow(parts, box);
  const frames = cameras.map((camera) => {
    drawModel(canvas, { parts, samplers }, camera, SUPERSAMPLING);
    return develop(canvas, SUPERSAMPLING, shadow.on(camera, TURNTABLE_PIXELS, SUPERSAMPLING));
  });
  const raw = {
    width: TURNTABLE_PIXELS,
    height: TURNTABLE_PIXELS * TURNTABLE_FRAMES,
    channels: 4 as const,
    pageHeight: TURNTABLE_PIXELS,
  };
  return sharp(Buffer.concat(frames), { raw, limitInputPixels: false })
    .webp({
      quality: WEBP_QUALITY,
      effort: 2,
      loop: 0,
      delay: new Array(TURNTABLE_FRAMES).fill(FRAME_MILLISECONDS),
    })
    .toBuffer();
}
