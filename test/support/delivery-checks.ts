import assert from "node:assert/strict";
import type { ModelStats } from "../../server/contract/model.ts";
import { readWithThree } from "./three-glb.ts";

/** Extents as three sees them, against those that were promised, in metres; the model stands centred on the ground. */
export async function assertExtents(content: Buffer, expected: readonly number[], share = 1e-4) {
  const { extents, low, high } = await readWithThree(content);
  for (const [axis, extent] of expected.entries()) {
    assert.ok(Math.abs(extents[axis] - extent) <= extent * share + 1e-9, `${extents} is not ${expected}`);
  }
  const size = Math.max(...expected);
  assert.ok(Math.abs(low[1]) < size * 1e-4, `stands on the ground: ${low}`);
  assert.ok(Math.abs(low[0] + high[0]) < size * 1e-4 && Math.abs(low[2] + high[2]) < size * 1e-4, "centred");
}

/** Length, height and width in metres, as the model's facts say. */
export const boxExtents = ({ stats }: { stats: ModelStats }) =>
  stats.boundingBoxMetres.max.map((value, axis) => value - stats.boundingBoxMetres.min[axis]);
