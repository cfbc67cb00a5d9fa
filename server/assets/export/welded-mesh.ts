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
  vertices: number[];
  /** Metres. */
  grid: number;
  /** For each part the number of the vertex of each of its own ones. */
  corners: Uint32Array[];
}

/** All parts on one list of vertices, where equal places are one vertex whatever their normals and textures. */
export function weldParts(parts: WorldPart[], box: Box): WeldedMesh {
  const grid = gridOf(box);
  const ids = new Map<string, number>();
  const vertices: number[] = [];
  const corners = parts.map(({ positions }) => {
    const own = new Uint32Array(positions.length / 3);
    for (let vertex = 0; vertex < own.length; vertex++) {
      const place = [0, 1, 2].map((axis) => Math.round(positions[vertex * 3 + axis] / grid) + 0);
      const key = place.join();
      let id = ids.get(key);
      if (id === undefined) {
        id = ids.size;
        ids.set(key, id);
        vertices.push(...place);
      }
      own[vertex] = id;
    }
    return own;
  });
  return { vertices, grid, corners };
}

/** A whole number of grid steps as a decimal number without rounding noise. */
export function decimals(stepsPerUnit: number): (steps: number) => string {
  const digits = Math.max(0, Math.round(Math.log10(stepsPerUnit)));
  return digits === 0
    ? (steps) => String(Math.round(steps / stepsPerUnit))
    : (steps) => String(Number((steps / stepsPerUnit).toFixed(digits)));
}
