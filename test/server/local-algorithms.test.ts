import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GridCut } from "../../server/providers/local/cutout/max-flow.ts";
import { signedDistance } from "../../server/providers/local/image/distance-transform.ts";
import type { Mask } from "../../server/providers/local/image/picture.ts";
import { inflate } from "../../server/providers/local/solid/inflation.ts";
import { marchTetrahedra } from "../../server/providers/local/solid/marching-tetrahedra.ts";
import { isClosedManifold } from "../../server/providers/local/surface/closed-mesh.ts";

/** Whole numbers below `limit`, the same every time. */
function createRandom(seed: number) {
  let state = seed;
  return (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe("minimum cut", () => {
  const SIDE = 3;
  const STEPS = [
    { direction: 0, dx: 1, dy: 0 },
    { direction: 2, dx: 0, dy: 1 },
    { direction: 4, dx: 1, dy: 1 },
    { direction: 6, dx: -1, dy: 1 },
  ];

  it("is as cheap as the best of all labelings", () => {
    const random = createRandom(5);
    for (let round = 0; round < 40; round++) {
      const grid = new GridCut(SIDE, SIDE);
      const links: { a: number; b: number; capacity: number }[] = [];
      const terminals: number[] = [];
      for (let i = 0; i < SIDE * SIDE; i++) {
        const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
        terminals.push(random(41) - 20);
        grid.terminal[grid.cell(x, y)] = terminals[i];
        for (const { direction, dx, dy } of STEPS) {
          if (x + dx < 0 || x + dx >= SIDE || y + dy >= SIDE) continue;
          const capacity = random(12);
          links.push({ a: i, b: (y + dy) * SIDE + x + dx, capacity });
          grid.capacity[direction][grid.cell(x, y)] = capacity;
          grid.capacity[direction ^ 1][grid.cell(x + dx, y + dy)] = capacity;
        }
      }
      const costOf = (isSource: (i: number) => boolean) =>
        terminals.reduce((sum, t, i) => sum + (isSource(i) ? Math.max(0, -t) : Math.max(0, t)), 0) +
        links.reduce((sum, { a, b, capacity }) => sum + (isSource(a) === isSource(b) ? 0 : capacity), 0);
      let best = Infinity;
      for (let bits = 0; bits < 2 ** (SIDE * SIDE); bits++) {
        best = Math.min(
          best,
          costOf((i) => (bits & (1 << i)) !== 0),
        );
      }
      grid.run();
      assert.equal(
        costOf((i) => grid.isSource(i % SIDE, Math.floor(i / SIDE))),
        best,
      );
    }
  });
});

describe("signed distance", () => {
  it("equals the search through all pixels", () => {
    const random = createRandom(11);
    const mask: Mask = { width: 23, height: 17, values: new Uint8Array(23 * 17).map(() => +(random(5) > 1)) };
    const distances = signedDistance(mask).values;
    for (let i = 0; i < distances.length; i++) {
      let nearest = Infinity;
      for (let j = 0; j < distances.length; j++) {
        if (mask.values[j] === mask.values[i]) continue;
        const [dx, dy] = [(i % 23) - (j % 23), Math.floor(i / 23) - Math.floor(j / 23)];
        nearest = Math.min(nearest, Math.hypot(dx, dy));
      }
      const expected = mask.values[i] ? nearest - 0.5 : 0.5 - nearest;
      assert.ok(Math.abs(distances[i] - expected) < 1e-5);
    }
  });
});

describe("inflation", () => {
  it("makes a half sphere of a disc", () => {
    const [size, radius] = [64, 24];
    const values = Float32Array.from({ length: size * size }, (_, i) => {
      return radius - Math.hypot((i % size) - 32, Math.floor(i / size) - 32);
    });
    const squared = inflate({ width: size, height: size, values }, 1000).values;
    for (const x of [0, 8, 16, 20]) {
      const expected = Math.sqrt(radius ** 2 - x ** 2);
      assert.ok(Math.abs(Math.sqrt(squared[32 * size + 32 + x]) - expected) < 0.08 * radius, `at ${x}`);
    }
    assert.ok(squared[32 * size + 32 + radius + 3] < 0, "negative outside");
  });
});

describe("marching tetrahedra", () => {
  it("closes any field that is negative on the border", () => {
    const random = createRandom(3);
    const size = 14;
    const isBorder = (i: number) => i === 0 || i === size - 1;
    const mesh = marchTetrahedra(size, size, size, (y, out) => {
      for (let x = 0; x < size; x++) {
        for (let z = 0; z < size; z++) {
          out[x * size + z] = isBorder(x) || isBorder(y) || isBorder(z) ? -1 : random(200) - 100.5;
        }
      }
    });
    assert.ok(mesh.indices.length > 3000);
    assert.ok(isClosedManifold(mesh.indices, mesh.positions.length / 3));
  });

  it("encloses a ball's volume", () => {
    const [size, radius] = [40, 15.3];
    const mesh = marchTetrahedra(size, size, size, (y, out) => {
      for (let x = 0; x < size; x++) {
        for (let z = 0; z < size; z++) out[x * size + z] = radius - Math.hypot(x - 20, y - 20, z - 20);
      }
    });
    let volume = 0;
    for (let t = 0; t < mesh.indices.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((k) =>
        mesh.positions.subarray(mesh.indices[t + k] * 3, mesh.indices[t + k] * 3 + 3),
      );
      volume +=
        (a[0] * (b[1] * c[2] - b[2] * c[1]) -
          a[1] * (b[0] * c[2] - b[2] * c[0]) +
          a[2] * (b[0] * c[1] - b[1] * c[0])) /
        6;
    }
    assert.ok(Math.abs(volume / ((4 / 3) * Math.PI * radius ** 3) - 1) < 0.01);
  });
});
