import type { Geometry } from "../make-glb.ts";

type Centre = [x: number, y: number, z: number];

/** A geometry without the triangles whose middle `loses` names. */
export function without(geometry: Geometry, loses: (middle: Centre) => boolean): Geometry {
  const indices: number[] = [];
  for (let at = 0; at < geometry.indices.length; at += 3) {
    const corners = geometry.indices.slice(at, at + 3);
    const middle = [0, 1, 2].map(
      (axis) => corners.reduce((sum, corner) => sum + geometry.positions[corner * 3 + axis], 0) / 3,
    ) as Centre;
    if (!loses(middle)) indices.push(...corners);
  }
  return { positions: geometry.positions, indices };
}

/** A geometry with every n-th triangle turned inside out. */
export function turned(geometry: Geometry, every: number): Geometry {
  const indices = [...geometry.indices];
  for (let at = 0; at < indices.length; at += 3 * every) {
    [indices[at], indices[at + 1]] = [indices[at + 1], indices[at]];
  }
  return { positions: geometry.positions, indices };
}

/** A geometry somewhere else, metres. */
export function moved(geometry: Geometry, by: Centre): Geometry {
  return { positions: geometry.positions.map((value, at) => value + by[at % 3]), indices: geometry.indices };
}

/** Every triangle for itself, its corners off by up to `metres`: full of cracks. The same each time. */
export function shattered(geometry: Geometry, metres: number): Geometry {
  const positions: number[] = [];
  let seed = 1;
  for (const corner of geometry.indices) {
    for (let axis = 0; axis < 3; axis++) {
      seed = (seed * 16_807) % 2_147_483_647;
      positions.push(geometry.positions[corner * 3 + axis] + (seed / 2_147_483_647 - 0.5) * 2 * metres);
    }
  }
  return { positions, indices: positions.slice(0, positions.length / 3).map((_, index) => index) };
}

/** A flat sheet of one square, metres; with both sides where asked for. */
export function sheet(side: number, bothSides: boolean): Geometry {
  const indices = [0, 2, 1, 0, 3, 2, ...(bothSides ? [0, 1, 2, 0, 2, 3] : [])];
  return { positions: [0, 0, 0, side, 0, 0, side, 0, side, 0, 0, side], indices };
}

/** A pipe of many sides about the Y axis, metres; open below, between its walls. */
export function pipe(inner: number, outer: number, height: number, sides: number): Geometry {
  const positions: number[] = [];
  const indices: number[] = [];
  for (let side = 0; side < sides; side++) {
    const turn = (side / sides) * 2 * Math.PI;
    for (const [radius, y] of [
      [outer, 0],
      [outer, height],
      [inner, height],
      [inner, 0],
    ]) {
      positions.push(radius * Math.cos(turn), y, -radius * Math.sin(turn));
    }
    const next = (side + 1) % sides;
    for (let k = 0; k < 3; k++) {
      const [a, b] = [side * 4 + k, next * 4 + k];
      indices.push(a, b, b + 1, a, b + 1, a + 1);
    }
  }
  return { positions, indices };
}
