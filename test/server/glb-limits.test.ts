import assert from "node:assert/strict";
import { test } from "node:test";
import { assertGlbLimits } from "../../server/assets/glb-limits.ts";
import { GlbProblem } from "../../server/assets/glb-problem.ts";

const MEBIBYTE = 1024 ** 2;
const NO_BOUND = 0;
const ENDLESS = 2 ** 64;

/** Points that unpack to so many million bytes. */
const model = (megabytes: number) => ({ accessors: [{ count: (megabytes * 1e6) / 12, type: "VEC3" }] });

const isTaken = (megabytes: number, memoryBytes: number): boolean => {
  try {
    assertGlbLimits(model(megabytes), memoryBytes);
    return true;
  } catch (error) {
    assert.ok(error instanceof GlbProblem);
    assert.match(error.detail.en, /unpacks to more than the \d+ MB that this server has memory for/);
    return false;
  }
};

test("a model is bound by the memory that its container has, and never by more than 512 MB", () => {
  for (const memory of [NO_BOUND, ENDLESS, 16_384 * MEBIBYTE]) {
    assert.ok(isTaken(511, memory));
    assert.ok(!isTaken(513, memory));
  }
  // One of 56 MB, two million triangles, was measured to take 929 MB.
  assert.ok(!isTaken(56, 512 * MEBIBYTE));
  assert.ok(!isTaken(56, 768 * MEBIBYTE));
  assert.ok(isTaken(56, 1536 * MEBIBYTE));
  assert.ok(isTaken(15, 512 * MEBIBYTE));
  assert.ok(isTaken(7, 128 * MEBIBYTE), "what is small is taken anywhere");
});
