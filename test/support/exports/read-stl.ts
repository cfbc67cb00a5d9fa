import assert from "node:assert/strict";

export interface ReadMesh {
  /** Nine numbers a triangle, in the unit of the file. */
  corners: Float32Array;
  low: number[];
  high: number[];
  isWatertight: boolean;
  volume: number;
}

/** Facts about triangles; corners at the same position count as one. */
export function describeMesh(corners: Float32Array): ReadMesh {
  const ids = new Map<string, number>();
  const idOf = (at: number) => {
    const key = corners.subarray(at, at + 3).join();
    if (!ids.has(key)) ids.set(key, ids.size);
    return ids.get(key)!;
  };
  const edges = new Map<string, number>();
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  let volume = 0;
  for (let at = 0; at < corners.length; at += 9) {
    const welded = [idOf(at), idOf(at + 3), idOf(at + 6)];
    for (let k = 0; k < 3; k++) {
      const edge = `${welded[k]}-${welded[(k + 1) % 3]}`;
      edges.set(edge, (edges.get(edge) ?? 0) + 1);
    }
    const [a, b, c] = [0, 3, 6].map((from) => corners.subarray(at + from, at + from + 3));
    volume +=
      (a[0] * (b[1] * c[2] - b[2] * c[1]) -
        a[1] * (b[0] * c[2] - b[2] * c[0]) +
        a[2] * (b[0] * c[1] - b[1] * c[0])) /
      6;
    for (let k = 0; k < 9; k++) {
      low[k % 3] = Math.min(low[k % 3], corners[at + k]);
      high[k % 3] = Math.max(high[k % 3], corners[at + k]);
    }
  }
  const isWatertight = [...edges].every(
    ([edge, count]) => count === 1 && edges.get(edge.split("-").reverse().join("-")) === 1,
  );
  return { corners, low, high, isWatertight, volume };
}

/** Reads a binary STL; normals must agree with the winding. */
export function readStl(file: Buffer): ReadMesh & { header: string } {
  const count = file.readUInt32LE(80);
  assert.equal(file.length, 84 + count * 50, "binary STL has 84 bytes and 50 a triangle");
  assert.doesNotMatch(file.toString("latin1", 0, 5), /^solid/i);
  const corners = new Float32Array(count * 9);
  for (let triangle = 0; triangle < count; triangle++) {
    const at = 84 + triangle * 50;
    for (let k = 0; k < 9; k++) corners[triangle * 9 + k] = file.readFloatLE(at + 12 + k * 4);
    const normal = [0, 4, 8].map((offset) => file.readFloatLE(at + offset));
    const [a, b, c] = [0, 3, 6].map((from) => corners.subarray(triangle * 9 + from, triangle * 9 + from + 3));
    const u = b.map((value, axis) => value - a[axis]);
    const v = c.map((value, axis) => value - a[axis]);
    const cross = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const length = Math.hypot(...cross);
    const agreement = cross.reduce((sum, value, axis) => sum + value * normal[axis], 0);
    assert.ok(agreement >= length * 0.999, "the normal agrees with the winding");
  }
  return { ...describeMesh(corners), header: file.toString("utf8", 0, 80).replace(/\0+$/, "") };
}
