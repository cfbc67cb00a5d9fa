import type { TexturedMesh } from "./read-model.ts";

/** A direction to look from: turned around the upright axis, then raised; degrees. */
export interface View {
  turn: number;
  elevation: number;
}

/** A picture without perspective, rows from the top. */
export interface Look {
  width: number;
  height: number;
  /** Nearness in metres where something is seen, −Infinity elsewhere. */
  nearness: Float32Array;
  /** The texture's own colour (lit where asked for), three bytes a pixel. */
  rgb: Uint8Array;
  /** Left and top end of the mesh in this view, and pixels a metre. */
  left: number;
  top: number;
  scale: number;
}

const LIGHT = [0.35, 0.55, 0.76];

/**
 * Draws the mesh so that the longer side of what is seen takes `longest` pixels, with a margin around it. Lit, it
 * shows its shape; unlit, what its texture holds.
 */
export function look(mesh: TexturedMesh, view: View, longest: number, isLit = false): Look {
  const turned = turn(mesh.positions, view);
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < turned.length; i += 3) {
    for (const axis of [0, 1]) {
      low[axis] = Math.min(low[axis], turned[i + axis]);
      high[axis] = Math.max(high[axis], turned[i + axis]);
    }
  }
  const scale = longest / Math.max(high[0] - low[0], high[1] - low[1]);
  const width = Math.ceil((high[0] - low[0]) * scale) + 2;
  const height = Math.ceil((high[1] - low[1]) * scale) + 2;
  const nearness = new Float32Array(width * height).fill(-Infinity);
  const rgb = new Uint8Array(width * height * 3);
  const { indices, coordinates, texture } = mesh;
  for (let t = 0; t < indices.length; t += 3) {
    const ids = [indices[t], indices[t + 1], indices[t + 2]];
    const [ax, bx, cx] = ids.map((id) => (turned[id * 3] - low[0]) * scale + 1);
    const [ay, by, cy] = ids.map((id) => (high[1] - turned[id * 3 + 1]) * scale + 1);
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0) continue;
    const light = isLit ? shadeOf(turned, ids) : 1;
    const bottom = Math.min(height - 1, Math.floor(Math.max(ay, by, cy)));
    const right = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx)));
    for (let y = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5)); y <= bottom; y++) {
      for (let x = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5)); x <= right; x++) {
        const [px, py] = [x + 0.5, y + 0.5];
        const u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
        const v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
        const w = 1 - u - v;
        if (u < 0 || v < 0 || w < 0) continue;
        const near = u * turned[ids[0] * 3 + 2] + v * turned[ids[1] * 3 + 2] + w * turned[ids[2] * 3 + 2];
        const pixel = y * width + x;
        if (near <= nearness[pixel]) continue;
        nearness[pixel] = near;
        const place = [0, 1].map(
          (axis) =>
            u * coordinates[ids[0] * 2 + axis] +
            v * coordinates[ids[1] * 2 + axis] +
            w * coordinates[ids[2] * 2 + axis],
        );
        const column = Math.min(texture.width - 1, Math.max(0, Math.floor(place[0] * texture.width)));
        const row = Math.min(texture.height - 1, Math.max(0, Math.floor(place[1] * texture.height)));
        const from = (row * texture.width + column) * 3;
        for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = Math.min(255, texture.rgb[from + c] * light);
      }
    }
  }
  return { width, height, nearness, rgb, left: low[0], top: high[1], scale };
}

function turn(positions: Float32Array, { turn: degrees, elevation }: View): Float32Array {
  const [a, e] = [degrees, elevation].map((angle) => (angle * Math.PI) / 180);
  const turned = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    const x = positions[i] * Math.cos(a) - positions[i + 2] * Math.sin(a);
    const z = positions[i] * Math.sin(a) + positions[i + 2] * Math.cos(a);
    turned[i] = x;
    turned[i + 1] = positions[i + 1] * Math.cos(e) - z * Math.sin(e);
    turned[i + 2] = positions[i + 1] * Math.sin(e) + z * Math.cos(e);
  }
  return turned;
}

function shadeOf(turned: Float32Array, [a, b, c]: number[]): number {
  const edge = (from: number, to: number) => [0, 1, 2].map((k) => turned[to * 3 + k] - turned[from * 3 + k]);
  const [u, v] = [edge(a, b), edge(a, c)];
  const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const length = Math.hypot(...normal) || 1;
  const facing = normal.reduce((sum, value, k) => sum + (value / length) * LIGHT[k], 0);
  return 0.5 + 0.6 * Math.max(0, facing);
}
