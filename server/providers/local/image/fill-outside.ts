import type { Mask } from "./picture.ts";

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

/** Continues the colours of the inside over everything outside. */
export function fillOutside(rgb: Uint8Array, inside: Mask): Uint8Array {
  const filled = rgb.slice();
  nearestInside(inside).forEach((site, pixel) => {
    if (site < 0 || site === pixel) return;
    for (let c = 0; c < 3; c++) filled[pixel * 3 + c] = rgb[site * 3 + c];
  });
  return filled;
}
