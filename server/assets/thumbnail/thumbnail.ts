import sharp from "sharp";
import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";
import { frameCameras, THREE_QUARTER } from "./camera.ts";
import { develop } from "./develop.ts";
import { castShadow } from "./ground-shadow.ts";
import { drawModel, loadSamplers } from "./picture.ts";
import { createCanvas } from "./rasterizer.ts";

export const THUMBNAIL_PIXELS = 512;
const SUPERSAMPLING = 2;
const MAX_TEXTURE_PIXELS = 1024;
const WEBP_QUALITY = 85;

/** One for the thread: 25 MB that would otherwise be allocated and freed for each model. */
const CANVAS = createCanvas(THUMBNAIL_PIXELS * SUPERSAMPLING);

/** A WebP of 512 × 512 pixels with the model from its three-quarter front, on nothing but its shadow. */
export async function renderThumbnail(parts: WorldPart[], box: Box): Promise<Buffer> {
  const meshes = parts.map(({ positions }) => positions);
  const [camera] = frameCameras(meshes, box, CANVAS.size, [THREE_QUARTER]);
  const samplers = await loadSamplers(parts, MAX_TEXTURE_PIXELS);
  drawModel(CANVAS, { parts, samplers }, camera, SUPERSAMPLING);
  const shadow = castShadow(parts, box).on(camera, THUMBNAIL_PIXELS, SUPERSAMPLING);
  const pixels = develop(CANVAS, SUPERSAMPLING, shadow);
  return sharp(pixels, { raw: { width: THUMBNAIL_PIXELS, height: THUMBNAIL_PIXELS, channels: 4 } })
    .webp({ quality: WEBP_QUALITY, effort: 2 })
    .toBuffer();
}
