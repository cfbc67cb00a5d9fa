import type { Texture } from "@gltf-transform/core";
import sharp from "sharp";
import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";
import { frameCamera } from "./camera.ts";
import { type Canvas, createCanvas, drawSurface } from "./rasterizer.ts";
import { createLight } from "./shading.ts";
import { createSurface } from "./surface.ts";
import { createSampler, type Sampler } from "./texture-sampler.ts";

export const THUMBNAIL_PIXELS = 512;
const SUPERSAMPLING = 2;
const WEBP_QUALITY = 85;

/** Linear light, 0 to 1, to an sRGB byte (IEC 61966-2-1). */
function toByte(linear: number): number {
  const value = Math.min(Math.max(linear, 0), 1);
  return Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055));
}

/** Averages blocks of pixels; gives straight-alpha sRGB bytes. */
function develop(canvas: Canvas, block: number): Buffer {
  const size = canvas.size / block;
  const pixels = Buffer.alloc(size * size * 4);
  const sum = new Float64Array(4);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const [column, row] = [pixel % size, Math.floor(pixel / size)];
    sum.fill(0);
    for (let y = row * block; y < (row + 1) * block; y++) {
      for (let x = column * block; x < (column + 1) * block; x++) {
        for (let channel = 0; channel < 4; channel++)
          sum[channel] += canvas.colour[(y * canvas.size + x) * 4 + channel];
      }
    }
    if (sum[3] === 0) continue;
    for (let channel = 0; channel < 3; channel++) pixels[pixel * 4 + channel] = toByte(sum[channel] / sum[3]);
    pixels[pixel * 4 + 3] = Math.round((255 * sum[3]) / (block * block));
  }
  return pixels;
}

async function loadSamplers(parts: WorldPart[]): Promise<Map<Texture, Sampler>> {
  const samplers = new Map<Texture, Sampler>();
  for (const { material } of parts) {
    const texture = material?.getBaseColorTexture();
    if (texture && !samplers.has(texture)) {
      samplers.set(texture, await createSampler(texture, material!.getBaseColorTextureInfo()!));
    }
  }
  return samplers;
}

/** A WebP of 512 × 512 pixels with the model from its three-quarter front, on nothing. */
export async function renderThumbnail(parts: WorldPart[], box: Box): Promise<Buffer> {
  const canvas = createCanvas(THUMBNAIL_PIXELS * SUPERSAMPLING);
  const camera = frameCamera(
    parts.map(({ positions }) => positions),
    box,
    canvas.size,
  );
  const light = createLight(camera);
  const samplers = await loadSamplers(parts);
  const isTranslucent = ({ material }: WorldPart) => material?.getAlphaMode() === "BLEND";
  const inOrder = [...parts.filter((part) => !isTranslucent(part)), ...parts.filter(isTranslucent)];
  for (const part of inOrder) {
    const texture = part.material?.getBaseColorTexture();
    drawSurface(canvas, createSurface(part, camera, (texture && samplers.get(texture)) ?? null, light));
  }
  return sharp(develop(canvas, SUPERSAMPLING), {
    raw: { width: THUMBNAIL_PIXELS, height: THUMBNAIL_PIXELS, channels: 4 },
  })
    .webp({ quality: WEBP_QUALITY })
    .toBuffer();
}
