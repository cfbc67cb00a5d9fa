/**
 * A square picture in the making: linear light with premultiplied alpha, and the nearness of what was drawn.
 * Samples of solid surfaces first get only their `owner`, 1 + the number of the triangle over all surfaces drawn;
 * `settle` colours them. 0 is nobody.
 */
export interface Canvas {
  size: number;
  colour: Float32Array;
  nearness: Float32Array;
  owner: Int32Array;
  solids: { firstTriangle: number; surface: Surface }[];
}

/** What a surface gives back at one point: red, green, blue (linear) and alpha, each 0 to 1. */
export type Fragment = Float32Array;

/**
 * Colours one point of a triangle with corners `a`, `b`, `c`, at weights that add up to 1.
 * Returns false where there is a hole.
 */
export type Shader = (
  a: number,
  b: number,
  c: number,
  weightA: number,
  weightB: number,
  weightC: number,
  isBack: boolean,
  out: Fragment,
) => boolean;

export interface Surface {
  /** Screen x, y and 1 / distance, three numbers a vertex. */
  screen: Float32Array;
  indices: Uint32Array;
  isDoubleSided: boolean;
  /** Lets what is behind shine through: it is mixed in and hides nothing, so draw it last and from far to near. */
  isTranslucent: boolean;
  /** The shader may answer that there is nothing, so it must be asked for every sample. */
  hasHoles: boolean;
  shade: Shader;
}

export function createCanvas(size: number): Canvas {
  const samples = size * size;
  return {
    size,
    colour: new Float32Array(samples * 4),
    nearness: new Float32Array(samples),
    owner: new Int32Array(samples),
    solids: [],
  };
}

/** Makes a used canvas empty again. */
export function wipe(canvas: Canvas): Canvas {
  canvas.colour.fill(0);
  canvas.nearness.fill(0);
  canvas.owner.fill(0);
  canvas.solids.length = 0;
  return canvas;
}

/** Draws triangles with perspective-correct weights and a depth buffer. */
export function drawSurface(canvas: Canvas, surface: Surface): void {
  const { size, colour, nearness, owner, solids } = canvas;
  const { screen, indices, shade } = surface;
  const fragment: Fragment = new Float32Array(4);
  const isLater = !surface.isTranslucent && !surface.hasHoles;
  const last = solids.at(-1);
  const firstTriangle = last ? last.firstTriangle + last.surface.indices.length / 3 : 1;
  if (isLater) solids.push({ firstTriangle, surface });

  for (let at = 0; at < indices.length; at += 3) {
    const a = indices[at];
    const b = indices[at + 1];
    const c = indices[at + 2];
    const ax = screen[a * 3];
    const ay = screen[a * 3 + 1];
    const an = screen[a * 3 + 2];
    const bx = screen[b * 3];
    const by = screen[b * 3 + 1];
    const bn = screen[b * 3 + 2];
    const cx = screen[c * 3];
    const cy = screen[c * 3 + 1];
    const cn = screen[c * 3 + 2];
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    // Screen y runs down, so a front face, counter-clockwise in the scene, has a negative area.
    const isBack = area > 0;
    if (area === 0 || (isBack && !surface.isDoubleSided)) continue;

    const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const right = Math.min(size - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const bottom = Math.min(size - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    const stepU = (by - cy) / area;
    const stepV = (cy - ay) / area;
    for (let row = top; row <= bottom; row++) {
      const y = row + 0.5;
      const startU = (bx * (cy - y) - cx * (by - y)) / area;
      const startV = (cx * (ay - y) - ax * (cy - y)) / area;
      for (let column = left; column <= right; column++) {
        const u = startU + stepU * (column + 0.5);
        const v = startV + stepV * (column + 0.5);
        const w = 1 - u - v;
        if (u < 0 || v < 0 || w < 0) continue;
        const near = u * an + v * bn + w * cn;
        const pixel = row * size + column;
        if (near <= nearness[pixel]) continue;
        if (isLater) {
          nearness[pixel] = near;
          owner[pixel] = firstTriangle + at / 3;
          continue;
        }
        if (!shade(a, b, c, (u * an) / near, (v * bn) / near, (w * cn) / near, isBack, fragment)) continue;
        const alpha = surface.isTranslucent ? fragment[3] : 1;
        if (!surface.isTranslucent) {
          nearness[pixel] = near;
          owner[pixel] = 0;
        }
        for (let channel = 0; channel < 3; channel++) {
          colour[pixel * 4 + channel] = fragment[channel] * alpha + colour[pixel * 4 + channel] * (1 - alpha);
        }
        colour[pixel * 4 + 3] = alpha + colour[pixel * 4 + 3] * (1 - alpha);
      }
    }
  }
}

/** Triangles in the order from far to near. */
export function sortFarToNear(screen: Float32Array, indices: Uint32Array): Uint32Array {
  const nearnessOf = (triangle: number) =>
    screen[indices[triangle * 3] * 3 + 2] +
    screen[indices[triangle * 3 + 1] * 3 + 2] +
    screen[indices[triangle * 3 + 2] * 3 + 2];
  const keys = Float32Array.from({ length: indices.length / 3 }, (_, triangle) => nearnessOf(triangle));
  const order = Uint32Array.from(keys.keys()).sort((one, other) => keys[one] - keys[other]);
  const sorted = new Uint32Array(indices.length);
  for (const [position, triangle] of order.entries()) {
    sorted.set(indices.subarray(triangle * 3, triangle * 3 + 3), position * 3);
  }
  return sorted;
}
