import type { WeldedSurface } from "../../surface/weld.ts";
import type { Box } from "../../true-size.ts";

/** A surface for the printer: millimetres, Z up. Three numbers a corner, three indices a triangle. */
export interface SolidMesh {
  positions: Float64Array;
  /** Linear red, green and blue, one for each corner; null without colours. */
  colours: Float32Array | null;
  triangles: Uint32Array;
}

const MILLIMETRES_PER_METRE = 1000;

/** A welded surface in metres, Y up, where it stands. */
export function toSolidMesh(
  { positions, triangles }: WeldedSurface,
  { min }: Box,
  colours: Float32Array | null,
): SolidMesh {
  const placed = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    placed[at] = (positions[at] + min[0]) * MILLIMETRES_PER_METRE;
    placed[at + 1] = -(positions[at + 2] + min[2]) * MILLIMETRES_PER_METRE;
    placed[at + 2] = (positions[at + 1] + min[1]) * MILLIMETRES_PER_METRE;
  }
  return { positions: placed, colours, triangles };
}

/** Positions and colours, side by side, as the library for solids takes them, with more corners at the end. */
export class CornerList {
  readonly positions: number[];
  readonly colours: number[] | null;

  constructor({ positions, colours }: SolidMesh) {
    this.positions = Array.from(positions);
    this.colours = colours && Array.from(colours);
  }

  /** Adds a corner with the mean colour of others; answers its number. */
  add(place: readonly number[], like: readonly number[]): number {
    const { colours } = this;
    this.positions.push(place[0], place[1], place[2]);
    for (let channel = 0; colours && channel < 3; channel++) {
      colours.push(like.reduce((sum, corner) => sum + colours[corner * 3 + channel], 0) / like.length);
    }
    return this.positions.length / 3 - 1;
  }

  place(corner: number): [number, number, number] {
    const at = corner * 3;
    return [this.positions[at], this.positions[at + 1], this.positions[at + 2]];
  }
}
