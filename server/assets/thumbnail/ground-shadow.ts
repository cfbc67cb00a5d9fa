import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";
import type { Camera } from "./camera.ts";
import type { Shadow } from "./develop.ts";
import { createCanvas, drawSurface } from "./rasterizer.ts";

const CELLS = 96;
/** Room for the soft edge around the footprint, as a share of the footprint's longer side. */
const PAD_SHARE = 0.16;
/** Parts that stand higher than this share of the footprint's longer side leave only the weak shadow. */
const REACH_SHARE = 0.22;
const CONTACT_ALPHA = 0.42;
const AMBIENT_ALPHA = 0.13;
const BLUR_CELLS = 4;
const BLUR_PASSES = 2;
/** Towards the border of the picture the shadow fades, because an edge of it would show there. */
const FADE_SHARE = 0.06;

/** Darkness on the floor by place, 0 to 1. */
export interface GroundShadow {
  /** As `camera` sees it in a picture of `size` pixels a side, each `block` samples wide. */
  on(camera: Camera, size: number, block: number): Shadow;
}

/** What a model darkens on the floor that it stands on: strong where it touches, weak below what is high. */
export function castShadow(parts: WorldPart[], box: Box): GroundShadow {
  const [left, floor, back] = box.min;
  const longer = Math.max(box.max[0] - left, box.max[2] - back);
  const height = Math.max(box.max[1] - floor, longer * 1e-3);
  const cell = (longer * (1 + 2 * PAD_SHARE)) / CELLS;
  const startX = (left + box.max[0] - CELLS * cell) / 2;
  const startZ = (back + box.max[2] - CELLS * cell) / 2;

  const plan = createCanvas(CELLS);
  for (const { positions, indices, material } of parts) {
    if (material?.getAlphaMode() === "BLEND") continue;
    const screen = new Float32Array(positions.length);
    for (let at = 0; at < positions.length; at += 3) {
      screen[at] = (positions[at] - startX) / cell;
      screen[at + 1] = (positions[at + 2] - startZ) / cell;
      // The lowest point of each cell is the nearest to the floor.
      screen[at + 2] = 2 - (positions[at + 1] - floor) / height;
    }
    const nothing = () => false;
    const surface = { screen, indices, isDoubleSided: true, isTranslucent: false, hasHoles: false };
    drawSurface(plan, { ...surface, shade: nothing });
  }
  const reach = longer * REACH_SHARE;
  let dark = Float32Array.from(plan.nearness, (nearness) => {
    if (nearness === 0) return 0;
    const gap = Math.min(((2 - nearness) * height) / reach, 1);
    return AMBIENT_ALPHA + (CONTACT_ALPHA - AMBIENT_ALPHA) * (1 - gap) ** 2;
  });
  for (let pass = 0; pass < BLUR_PASSES; pass++) dark = blurRows(blurRows(dark));

  return {
    on(camera, size, block) {
      const point = new Float64Array(2);
      return (x, y) => {
        const fade = Math.min(1, Math.min(x, y, size - 1 - x, size - 1 - y) / (size * FADE_SHARE));
        if (!camera.hitPlane((x + 0.5) * block, (y + 0.5) * block, floor, point)) return 0;
        return fade * read(dark, (point[0] - startX) / cell - 0.5, (point[1] - startZ) / cell - 0.5);
      };
    },
  };
}

/** Averages along the rows and turns rows into columns, so that two calls blur both ways. */
function blurRows(source: Float32Array): Float32Array<ArrayBuffer> {
  const target = new Float32Array(source.length);
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      let sum = 0;
      for (let from = column - BLUR_CELLS; from <= column + BLUR_CELLS; from++) {
        if (from >= 0 && from < CELLS) sum += source[row * CELLS + from];
      }
      target[column * CELLS + row] = sum / (2 * BLUR_CELLS + 1);
    }
  }
  return target;
}

/** Bilinear; nothing outside. */
function read(map: Float32Array, x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (column < 0 || row < 0 || column >= CELLS - 1 || row >= CELLS - 1) return 0;
  const at = row * CELLS + column;
  const [shareX, shareY] = [x - column, y - row];
  return (
    (map[at] * (1 - shareX) + map[at + 1] * shareX) * (1 - shareY) +
    (map[at + CELLS] * (1 - shareX) + map[at + CELLS + 1] * shareX) * shareY
  );
}
