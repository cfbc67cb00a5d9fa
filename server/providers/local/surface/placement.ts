import type { Mesh } from "../solid/marching-tetrahedra.ts";

/** Longest side of a model whose true size nobody has said, metres. */
export const ASSUMED_SIZE_METRES = 0.5;

/**
 * From the grid's frame (cells, y down) to glTF's: metres, Y up, front towards +Z, the base at y = 0, centred over
 * the origin. `depth`, where given, is the whole extent along Z as a share of the extent along X.
 */
export function placeMesh({ positions, indices }: Mesh, depth: number | null): Mesh {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    low[i % 3] = Math.min(low[i % 3], positions[i]);
    high[i % 3] = Math.max(high[i % 3], positions[i]);
  }
  const extent = high.map((value, axis) => value - low[axis]);
  const stretch = depth === null ? 1 : (depth * extent[0]) / Math.max(1e-6, extent[2]);
  const scale = ASSUMED_SIZE_METRES / Math.max(extent[0], extent[1], extent[2] * stretch);
  const placed = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    placed[i] = (positions[i] - (low[0] + high[0]) / 2) * scale;
    placed[i + 1] = (high[1] - positions[i + 1]) * scale;
    placed[i + 2] = (positions[i + 2] - (low[2] + high[2]) / 2) * scale * stretch;
  }
  // Turning y over mirrors the triangles; swapping two corners turns them back.
  const turned = indices.slice();
  for (let t = 0; t < turned.length; t += 3) {
    [turned[t + 1], turned[t + 2]] = [turned[t + 2], turned[t + 1]];
  }
  return { positions: placed, indices: turned };
}
