import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Dimensions, inMetres, isStretched, resized } from "../../web/src/components/model/true-size.ts";

const cup: Dimensions = { length: 100, width: 50, height: 80, unit: "cm" };
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

describe("true size", () => {
  it("follows one measure in all directions, whatever its unit", () => {
    const after = resized(cup, { height: 8 }, "cm")!;
    near(after.length, 0.1);
    near(after.width, 0.05);
    near(after.height, 0.08);
    near(resized(cup, { length: 10 }, "in")!.length, 0.254);
  });

  it("takes three measures as they are, and says when they stretch", () => {
    const after = resized(cup, { length: 10, width: 5, height: 12 }, "cm")!;
    near(after.height, 0.12);
    assert.equal(isStretched(cup, after), true);
    assert.equal(isStretched(cup, resized(cup, { width: 7 }, "cm")!), false);
  });

  it("needs a measure", () => {
    assert.equal(resized(cup, {}, "cm"), null);
  });

  it("knows the present extents in metres", () => {
    assert.deepEqual(inMetres({ ...cup, unit: "mm" }), { length: 0.1, width: 0.05, height: 0.08 });
  });
});
