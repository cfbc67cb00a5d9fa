import { blur } from "./blur.ts";
import { createPlane, type Mask, type Plane } from "./picture.ts";

/** The nearest inside pixel of every pixel, by two vector propagation passes (Danielsson 1980); -1 for an empty mask. */
function nearestInside({ width, height, values }: Mask): Int32Array {
  const nearest = Int32Array.from(values, (value, i) => (value ? i : -1));
  const best = Float32Array.from(values, (value) => (value ? 0 : Infinity));
  const offer = (pixel: number, x: number, y: number, from: number) => {
    const site = nearest[from];
    if (site < 0) return;
    const dx = x - (site % width);
    const dy = y - Math.floor(site / width);
    const distance = dx * dx + dy * dy;
    if (distance >= best[pixel]) return;
    best[pixel] = distance;
    nearest[pixel] = site;
  };
  const sweep = (y: number, step: 1 | -1) => {
    const hasBefore = y - step >= 0 && y - step < height;
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (hasBefore) {
        for (let dx = -1; dx <= 1; dx++) {
          if (x + dx >= 0 && x + dx < width) offer(row + x, x, y, row + x + dx - step * width);
        }
      }
      if (x > 0) offer(row + x, x, y, row + x - 1);
    }
    for (let x = width - 2; x >= 0; x--) offer(row + x, x, y, row + x + 1);
  };
  for (let y = 0; y < height; y++) sweep(y, 1);
  for (let y = height - 1; y >= 0; y--) sweep(y, -1);
  return nearest;
}

/** Continues the colours of the inside over everything outside, softened so that no streaks show. */
export function fillOutside(rgb: Uint8Array, inside: Mask): Uint8Array {
  const { width, height } = inside;
  const nearest = nearestInside(inside);
  const filled = new Uint8Array(rgb.length);
  for (let c = 0; c < 3; c++) {
    const channel: Plane = createPlane(width, height);
    for (let i = 0; i < nearest.length; i++) channel.values[i] = rgb[Math.max(0, nearest[i]) * 3 + c];
    const soft = blur(channel, 3).values;
    for (let i = 0; i < nearest.length; i++) {
      filled[i * 3 + c] = Math.round(inside.values[i] ? rgb[i * 3 + c] : soft[i]);
    }
  }
  return filled;
}
