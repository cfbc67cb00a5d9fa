import type { Mesh } from "../solid/marching-tetrahedra.ts";
import type { Island } from "./islands.ts";

/** Texels kept free around each island. */
const PADDING = 2;
const SHRINK = 0.88;

/** An island's place in the strip: texel = (position along `across`/`down` − low) · density + left/top. */
export interface PlacedIsland extends Island {
  /** Which of x, y, z runs to the right and which down. */
  across: number;
  down: number;
  low: [number, number];
  left: number;
  top: number;
}

export interface Strip {
  width: number;
  height: number;
  /** Texels a cell. */
  density: number;
  islands: PlacedIsland[];
}

interface Box {
  island: Island;
  /** Axes along the strip's long and short side. */
  axes: [number, number];
  low: [number, number];
  size: [number, number];
}

function boxOf({ positions, indices }: Mesh, island: Island): Box {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const t of island.triangles) {
    for (const v of indices.subarray(3 * t, 3 * t + 3)) {
      for (let k = 0; k < 3; k++) {
        low[k] = Math.min(low[k], positions[3 * v + k]);
        high[k] = Math.max(high[k], positions[3 * v + k]);
      }
    }
  }
  const [a, b] = [0, 1, 2].filter((k) => k !== island.axis);
  const axes: [number, number] = high[a] - low[a] >= high[b] - low[b] ? [a, b] : [b, a];
  return {
    island,
    axes,
    low: [low[axes[0]], low[axes[1]]],
    size: [high[axes[0]] - low[axes[0]], high[axes[1]] - low[axes[1]]],
  };
}

/**
 * Lays the islands into a strip of `length` texels, in rows from the broadest to the narrowest, with as many texels a
 * cell, up to `density`, as keep it within `breadth`. Upright strips run down, the others to the right.
 */
export function packIslands(
  mesh: Mesh,
  islands: Island[],
  strip: { length: number; breadth: number; isUpright: boolean },
  density: number,
): Strip {
  const boxes = islands.map((island) => boxOf(mesh, island)).sort((a, b) => b.size[1] - a.size[1]);
  for (let scale = density; ; scale *= SHRINK) {
    const packed = layRows(boxes, strip, scale);
    if (packed !== null) return packed;
  }
}

function layRows(
  boxes: Box[],
  { length, breadth, isUpright }: { length: number; breadth: number; isUpright: boolean },
  density: number,
): Strip | null {
  const islands: PlacedIsland[] = [];
  let [along, row, rowBreadth] = [0, 0, 0];
  for (const { island, axes, low, size } of boxes) {
    const [long, short] = size.map((cells) => Math.ceil(cells * density) + 2 * PADDING + 1);
    if (along + long > length) {
      row += rowBreadth;
      [along, rowBreadth] = [0, 0];
    }
    rowBreadth = Math.max(rowBreadth, short);
    // However small, what does not fit gets smaller still; a texel an island always fits in the end.
    if (long > length || row + rowBreadth > breadth) return null;
    const [first, second] = [along + PADDING, row + PADDING];
    islands.push({
      ...island,
      across: isUpright ? axes[1] : axes[0],
      down: isUpright ? axes[0] : axes[1],
      low: isUpright ? [low[1], low[0]] : low,
      left: isUpright ? second : first,
      top: isUpright ? first : second,
    });
    along += long;
  }
  const used = row + rowBreadth;
  return { width: isUpright ? used : length, height: isUpright ? length : used, density, islands };
}

/** Where a vertex of an island lies in the strip, texels. */
export function texelOf(
  { positions }: Mesh,
  island: PlacedIsland,
  density: number,
  v: number,
): [number, number] {
  return [
    (positions[3 * v + island.across] - island.low[0]) * density + island.left,
    (positions[3 * v + island.down] - island.low[1]) * density + island.top,
  ];
}
