import type { Canvas, Fragment, Surface } from "./rasterizer.ts";

/**
 * Colours the samples that solid surfaces own. A triangle is shaded once for each block of `block` × `block`
 * samples, in the middle of those that it owns there.
 */
export function settle(canvas: Canvas, block: number): void {
  const { size, owner } = canvas;
  const fragment: Fragment = new Float32Array(4);
  for (let top = 0; top < size; top += block) {
    for (let left = 0; left < size; left += block) {
      for (let y = top; y < top + block; y++) {
        for (let x = left; x < left + block; x++) {
          const triangle = owner[y * size + x];
          if (triangle !== 0) settleTriangle(canvas, triangle, left, top, block, fragment);
        }
      }
    }
  }
  canvas.solids.length = 0;
}

function settleTriangle(
  canvas: Canvas,
  triangle: number,
  left: number,
  top: number,
  block: number,
  fragment: Fragment,
): void {
  const { size, owner, colour } = canvas;
  let sumX = 0;
  let sumY = 0;
  let count = 0;
  for (let y = top; y < top + block; y++) {
    for (let x = left; x < left + block; x++) {
      if (owner[y * size + x] !== triangle) continue;
      sumX += x + 0.5;
      sumY += y + 0.5;
      count++;
    }
  }
  const solid = findSolid(canvas, triangle);
  shadeAt(solid.surface, (triangle - solid.firstTriangle) * 3, sumX / count, sumY / count, fragment);
  for (let y = top; y < top + block; y++) {
    for (let x = left; x < left + block; x++) {
      const pixel = y * size + x;
      if (owner[pixel] !== triangle) continue;
      owner[pixel] = 0;
      for (let channel = 0; channel < 3; channel++) colour[pixel * 4 + channel] = fragment[channel];
      colour[pixel * 4 + 3] = 1;
    }
  }
}

function findSolid({ solids }: Canvas, triangle: number) {
  let at = solids.length - 1;
  while (solids[at].firstTriangle > triangle) at--;
  return solids[at];
}

/** Shades a point of a triangle, given on the screen, with perspective-correct weights. */
function shadeAt({ indices, screen, shade }: Surface, at: number, x: number, y: number, out: Fragment): void {
  const a = indices[at];
  const b = indices[at + 1];
  const c = indices[at + 2];
  const ax = screen[a * 3] - x;
  const ay = screen[a * 3 + 1] - y;
  const bx = screen[b * 3] - x;
  const by = screen[b * 3 + 1] - y;
  const cx = screen[c * 3] - x;
  const cy = screen[c * 3 + 1] - y;
  const u = (bx * cy - by * cx) * screen[a * 3 + 2];
  const v = (cx * ay - cy * ax) * screen[b * 3 + 2];
  const w = (ax * by - ay * bx) * screen[c * 3 + 2];
  const sum = u + v + w;
  // Screen y runs down, so a front face, counter-clockwise in the scene, has a negative area.
  shade(a, b, c, u / sum, v / sum, w / sum, sum > 0, out);
}
