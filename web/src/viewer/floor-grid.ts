import { type Box, boxCentre, boxSize } from "./box.ts";

/** Sizes of a cell in metres that a person can picture. */
const CELLS_METRES = [0.001, 0.01, 0.1, 1, 10, 100] as const;
const MAX_CELLS_ACROSS = 16;

/** Edge in metres of one floor cell: the smallest round size that needs at most 16 cells across the model. */
export function gridCell(extentMetres: number): number {
  return CELLS_METRES.find((cell) => extentMetres / cell <= MAX_CELLS_ACROSS) ?? CELLS_METRES.at(-1)!;
}

export type GridLines = {
  cell: number;
  /** x, y, z of both ends of each segment, metres. */
  positions: Float32Array;
  /** Red, green, blue, alpha of both ends; the colour is white, alpha falls to 0 at the rim. */
  colors: Float32Array;
};

/** Segments of a round floor that fades out, under the box, aligned to whole cells from the box's centre. */
export function gridLines(box: Box): GridLines {
  const size = boxSize(box);
  const extent = Math.max(size[0], size[2], size[1] * 0.5);
  const cell = gridCell(extent);
  const half = Math.ceil((extent * 1.1) / cell) + 2;
  const centre = boxCentre(box);
  const y = box.min[1];
  const positions: number[] = [];
  const colors: number[] = [];
  const alpha = (i: number, k: number) => Math.max(0, 1 - Math.hypot(i, k) / half);
  const segment = (a: readonly [number, number], b: readonly [number, number]) => {
    if (alpha(...a) === 0 && alpha(...b) === 0) return;
    for (const [i, k] of [a, b]) {
      positions.push(centre[0] + i * cell, y, centre[2] + k * cell);
      colors.push(1, 1, 1, alpha(i, k));
    }
  };
  for (let line = -half; line <= half; line++) {
    for (let step = -half; step < half; step++) {
      segment([step, line], [step + 1, line]);
      segment([line, step], [line, step + 1]);
    }
  }
  return { cell, positions: new Float32Array(positions), colors: new Float32Array(colors) };
}
