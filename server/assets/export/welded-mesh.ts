import { AppError } from "../../errors.ts";
import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";

/** Positions closer than this share of the model's diagonal are one, as for the watertight verdict. */
const WELD_SHARE = 1e-6;
const MAX_TEXT_TRIANGLES = 2_000_000;

/** Formats made of text take twenty times the room of the model. @throws AppError `export-failed` */
export function assertFitsText(parts: WorldPart[]): void {
  const triangles = parts.reduce((sum, { indices }) => sum + indices.length / 3, 0);
  if (triangles <= MAX_TEXT_TRIANGLES) return;
  throw new AppError("export-failed", {
    detail: {
      en: "The model has more than 2 million triangles, too many for this format; STL and GLB hold them.",
      ru: "В модели больше 2 миллионов треугольников, для этого формата слишком много; подойдут STL и GLB.",
    },
  });
}

/** The largest power of ten, in metres, that positions can be rounded to without loss that anyone sees. */
export function gridOf({ min, max }: Box): number {
  return (
    10 ** Math.floor(Math.log10(Math.hypot(...max.map((value, axis) => value - min[axis])) * WELD_SHARE))
  );
}

export interface WeldedMesh {
  /** Whole numbers of `grid`, three a vertex. */
  vertices: Int32Array;
  /** Metres. */
  grid: number;
  /** For each part the number of the vertex of each of its own ones. */
  corners: Uint32Array[];
}

/** All parts on one list of vertices, where equal places are one vertex whatever their normals and textures. */
export function weldParts(parts: WorldPart[], box: Box): WeldedMesh {
  const grid = gridOf(box);
  const count = parts.reduce((sum, { positions }) => sum + positions.length / 3, 0);
  const vertices = new Int32Array(count * 3);
  // Open addressing, as a Map of millions of keys is slow and large.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(count * 2 + 2))).fill(-1);
  let used = 0;
  const idOf = (x: number, y: number, z: number): number => {
    let hash = Math.imul(x, 73_856_093) ^ Math.imul(y, 19_349_663) ^ Math.imul(z, 83_492_791);
    hash ^= hash >>> 15;
    for (let slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const id = slots[slot];
      if (id === -1) {
        vertices.set([x, y, z], used * 3);
        slots[slot] = used;
        return used++;
      }
      if (vertices[id * 3] === x && vertices[id * 3 + 1] === y && vertices[id * 3 + 2] === z) return id;
    }
  };
  const step = (value: number) => Math.round(value / grid);
  const corners = parts.map(({ positions }) =>
    Uint32Array.from({ length: positions.length / 3 }, (_, vertex) => {
      const at = vertex * 3;
      return idOf(step(positions[at]), step(positions[at + 1]), step(positions[at + 2]));
    }),
  );
  return { vertices: vertices.subarray(0, used * 3), grid, corners };
}

/** A whole number of grid steps as a decimal number without rounding noise. */
export function decimals(stepsPerUnit: number): (steps: number) => string {
  const digits = Math.max(0, Math.round(Math.log10(stepsPerUnit)));
  return digits === 0
    ? (steps) => String(Math.round(steps / stepsPerUnit))
    : (steps) => String(Number((steps / stepsPerUnit).toFixed(digits)));
}
