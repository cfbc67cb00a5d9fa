import type { Canvas } from "./rasterizer.ts";

const LIGHT_STEPS = 4095;

/** sRGB bytes of linear light in equal steps from 0 to 1 (IEC 61966-2-1). */
const SRGB_BYTES = Uint8Array.from({ length: LIGHT_STEPS + 1 }, (_, step) => {
  const value = step / LIGHT_STEPS;
  return Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055));
});

/** Above this, light is compressed, so that white things keep their shape. */
const SHOULDER = 0.72;

const compressed = (linear: number) =>
  linear <= SHOULDER ? Math.max(linear, 0) : 1 - (1 - SHOULDER) ** 2 / (linear - SHOULDER + (1 - SHOULDER));

const toByte = (linear: number) => SRGB_BYTES[Math.round(compressed(linear) * LIGHT_STEPS)];

/** How dark it is below the model at a pixel, 0 to 1. */
export type Shadow = (x: number, y: number) => number;

/**
 * Averages blocks of pixels; gives straight-alpha sRGB bytes. Bright light is compressed as by
 * the peak of Khronos' neutral tone mapper, which the viewer uses. The shadow lies below everything.
 */
export function develop({ size: samples, colour }: Canvas, block: number, shadow?: Shadow): Buffer {
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
      const cover = alpha / (block * block);
      const dark = shadow && cover < 1 ? (1 - cover) * shadow(column, row) : 0;
      if (cover + dark === 0) continue;
      const at = (row * size + column) * 4;
      // As browsers mix, who do so with sRGB values.
      const share = cover / (cover + dark);
      if (alpha > 0) {
        pixels[at] = toByte(red / alpha) * share;
        pixels[at + 1] = toByte(green / alpha) * share;
        pixels[at + 2] = toByte(blue / alpha) * share;
      }
      pixels[at + 3] = Math.round(255 * (cover + dark));
    }
  }
  return pixels;
}
