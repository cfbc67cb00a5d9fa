import type { Texture } from "@gltf-transform/core";
import sharp from "sharp";
import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";
import { frameCamera } from "./camera.ts";
import { type Canvas, createCanvas, drawSurface, wipe } from "./rasterizer.ts";
import { settle } from "./settle.ts";
import { createLight } from "./shading.ts";
import { createSurface } from "./surface.ts";
import { createSampler, type Sampler } from "./texture-sampler.ts";

export const THUMBNAIL_PIXELS = 512;
const SUPERSAMPLING = 2;
const WEBP_QUALITY = 85;

/** One for the thread: 25 MB that would otherwise be allocated and freed for each model. */
const CANVAS = createCanvas(THUMBNAIL_PIXELS * SUPERSAMPLING);

const LIGHT_STEPS = 4095;

/** sRGB bytes of linear light in equal steps from 0 to 1 (IEC 61966-2-1). */
const SRGB_BYTES = Uint8Array.from({ length: LIGHT_STEPS + 1 }, (_, step) => {
  const value = step / LIGHT_STEPS;
  return Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055));
});

const toByte = (linear: number) => SRGB_BYTES[Math.round(Math.min(Math.max(linear, 0), 1) * LIGHT_STEPS)];

/** Averages blocks of pixels; gives straight-alpha sRGB bytes. */
function develop({ size: samples, colour }: Canvas, block: number): Buffer {
  const size = samples / block;
  const pixels = Buffer.alloc(size * size * 4);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let alpha = 0;
      for (let y = row * block; y < (row + 1) * block; y++) {
        for (let x = column * block; x < (column + 1) * block; x++) {
          const at = (y * samples + x) * 4;
          red += colour[at];
          green += colour[at + 1];
          blue += colour[at + 2];
          alpha += colour[at + 3];
        }
      }
      if (alpha === 0) continue;
      const at = (row * size + column) * 4;
      pixels[at] = toByte(red / alpha);
      pixels[at + 1] = toByte(green / alpha);
      pixels[at + 2] = toByte(blue / alpha);
      pixels[at + 3] = Math.round((255 * alpha) / (block * block));
    }
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
  const camera = frameCamera(
    parts.map(({ positions }) => positions),
    box,
    CANVAS.size,
  );
  const light = createLight(camera);
  const samplers = await loadSamplers(parts);
  const canvas = wipe(CANVAS);
  const draw = (part: WorldPart) => {
    const texture = part.material?.getBaseColorTexture();
    drawSurface(canvas, createSurface(part, camera, (texture && samplers.get(texture)) ?? null, light));
  };
  const isTranslucent = ({ material }: WorldPart) => material?.getAlphaMode() === "BLEND";
  for (const part of parts) if (!isTranslucent(part)) draw(part);
  settle(canvas, SUPERSAMPLING);
  for (const part of parts) if (isTranslucent(part)) draw(part);
  return sharp(develop(canvas, SUPERSAMPLING), {
    raw: { width: THUMBNAIL_PIXELS, height: THUMBNAIL_PIXELS, channels: 4 },
  })
    .webp({ quality: WEBP_QUALITY, effort: 2 })
    .toBuffer();
}
