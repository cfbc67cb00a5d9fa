import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Box, boxCentre, boxRadius, boxSize, isFiniteBox } from "../../web/src/viewer/box.ts";
import {
  FIELD_OF_VIEW_DEGREES,
  fitDistance,
  fitPose,
  orbitLimits,
  VIEWS,
} from "../../web/src/viewer/camera-fit.ts";
import { dimensionLines } from "../../web/src/viewer/dimension-lines.ts";
import { gridCell, gridLines } from "../../web/src/viewer/floor-grid.ts";

const sofa: Box = { min: [-1, 0, -0.5], max: [1, 0.9, 0.5] };

describe("a box", () => {
  it("has size, centre and radius", () => {
    assert.deepEqual(boxSize(sofa), [2, 0.9, 1]);
    assert.deepEqual(boxCentre(sofa), [0, 0.45, 0]);
    assert.equal(boxRadius({ min: [0, 0, 0], max: [2, 3, 6] }), 3.5);
  });

  it("is refused where nothing is in it", () => {
    assert.equal(isFiniteBox(sofa), true);
    const empty: Box = { min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] };
    assert.equal(isFiniteBox(empty), false);
    assert.equal(isFiniteBox({ min: [0, 0, 0], max: [Number.NaN, 1, 1] }), false);
  });
});

/** Projects a point as a camera would, that stands at `position` and looks at `target` with Y up. */
function project(point: readonly number[], pose: ReturnType<typeof fitPose>, aspect: number) {
  const minus = (a: readonly number[], b: readonly number[]) => a.map((value, axis) => value - b[axis]);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, axis) => sum + value * b[axis], 0);
  const unit = (a: readonly number[]) => a.map((value) => value / Math.hypot(...a));
  const cross = (a: readonly number[], b: readonly number[]) => [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const back = unit(minus(pose.position, pose.target));
  const right = unit(cross([0, 1, 0], back));
  const up = cross(back, right);
  const offset = minus(point, pose.position);
  const depth = -dot(offset, back);
  const tan = Math.tan((FIELD_OF_VIEW_DEGREES * Math.PI) / 360);
  return { x: dot(offset, right) / (depth * tan * aspect), y: dot(offset, up) / (depth * tan), depth };
}

describe("fitting the camera", () => {
  const boxes: Box[] = [
    sofa,
    { min: [-0.01, 0, -0.01], max: [0.01, 0.3, 0.01] },
    { min: [4, 2, -9], max: [30, 2.5, -8] },
  ];

  for (const [name, direction] of Object.entries(VIEWS)) {
    for (const aspect of [0.5, 1, 2.2]) {
      it(`shows every corner from ${name} at aspect ${aspect}, and wastes no room`, () => {
        for (const box of boxes) {
          const pose = fitPose(box, direction, aspect, 1);
          let widest = 0;
          for (const x of [box.min[0], box.max[0]])
            for (const y of [box.min[1], box.max[1]])
              for (const z of [box.min[2], box.max[2]]) {
                const seen = project([x, y, z], pose, aspect);
                assert.ok(seen.depth > 0);
                widest = Math.max(widest, Math.abs(seen.x), Math.abs(seen.y));
              }
          assert.ok(widest <= 1.0001, `a corner is outside: ${widest}`);
          const least = fitDistance(box, direction, aspect) > boxRadius(box) ? 0.999 : 0;
          assert.ok(widest >= least, `the model is smaller than it could be: ${widest}`);
        }
      });
    }
  }

  it("stands farther away for a narrow view", () => {
    assert.ok(fitDistance(sofa, VIEWS.front, 0.5) > fitDistance(sofa, VIEWS.front, 2));
  });

  it("keeps the fitted distance inside the orbit's limits and clip planes", () => {
    for (const box of boxes) {
      const limits = orbitLimits(box);
      for (const aspect of [0.4, 1, 3]) {
        const distance = fitDistance(box, VIEWS.home, aspect) * 1.12;
        assert.ok(distance > limits.minDistance && distance < limits.maxDistance);
        assert.ok(limits.maxDistance + limits.maxTargetRadius + boxRadius(box) < limits.far);
      }
    }
  });

  it("does not divide by a box without size", () => {
    const point: Box = { min: [1, 1, 1], max: [1, 1, 1] };
    assert.ok(fitPose(point, VIEWS.home, 1).position.every(Number.isFinite));
  });
});

describe("the floor grid", () => {
  it("chooses cells that people know by the model's size", () => {
    assert.equal(gridCell(0.012), 0.001);
    assert.equal(gridCell(0.1), 0.01);
    assert.equal(gridCell(0.45), 0.1);
    assert.equal(gridCell(1.6), 0.1);
    assert.equal(gridCell(2), 1);
    assert.equal(gridCell(1e6), 100);
  });

  it("lies under the model, spaced by whole cells, and fades to nothing at its rim", () => {
    const { cell, positions, colors } = gridLines(sofa);
    assert.equal(cell, 1);
    assert.ok(positions.length > 0 && positions.length / 3 === colors.length / 4);
    for (let i = 0; i < positions.length; i += 3) {
      assert.equal(positions[i + 1], 0);
      assert.ok(Math.abs(positions[i] % cell) < 1e-6);
    }
    const alphas = colors.filter((_, index) => index % 4 === 3);
    assert.equal(Math.max(...alphas), 1);
    assert.equal(Math.min(...alphas), 0);
  });
});

describe("dimension lines", () => {
  it("measure the three extents", () => {
    const metres = Object.fromEntries(
      dimensionLines(sofa, [2, 1, 3]).map((line) => [line.name, line.metres]),
    );
    assert.deepEqual(metres, { length: 2, width: 1, height: 0.9 });
    for (const { from, to, metres: extent } of dimensionLines(sofa, [2, 1, 3])) {
      const drawn = Math.hypot(...from.map((value, axis) => value - to[axis]));
      assert.ok(Math.abs(drawn - extent) < 1e-9);
    }
  });

  it("stand outside the box on the sides that face the eye", () => {
    for (const eye of [
      [3, 1, 4],
      [-3, 1, 4],
      [3, 1, -4],
      [-3, 1, -4],
    ] as const) {
      const [length, width] = dimensionLines(sofa, eye);
      assert.equal(Math.sign(length.from[2]), Math.sign(eye[2]));
      assert.ok(Math.abs(length.from[2]) > 0.5);
      assert.equal(Math.sign(width.from[0]), Math.sign(eye[0]));
      assert.ok(Math.abs(width.from[0]) > 1);
    }
  });
});
