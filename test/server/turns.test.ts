import assert from "node:assert/strict";
import { test } from "node:test";
import { createTurns } from "../../server/services/accounts/turns.ts";

test("work runs so many at a time, in its order; who comes when too many wait is sent away with a time", async () => {
  const inTurn = createTurns({ atOnce: 2, waiting: 3 });
  const begun: number[] = [];
  const ends = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  const works = ends.map(({ promise }, index) =>
    inTurn(async () => {
      begun.push(index);
      await promise;
      if (index === 0) throw new Error("It failed");
      return index;
    }),
  );
  await assert.rejects(works[5], { code: "overloaded", retryAfterSeconds: 2 });
  assert.deepEqual(begun, [0, 1]);
  ends[0].resolve();
  await assert.rejects(works[0], /It failed/);
  assert.deepEqual(begun, [0, 1, 2], "work that fails gives its place on");
  for (const { resolve } of ends) resolve();
  assert.deepEqual(await Promise.all(works.slice(1, 5)), [1, 2, 3, 4]);
  assert.equal(await inTurn(async () => "free again"), "free again");
});
