import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  areaPaths,
  type Sample,
  sharesOf,
  stackColumn,
  summarize,
  topOf,
} from "../../web/src/pages/admin/system/chart-geometry.ts";
import { toSamples } from "../../web/src/pages/admin/system/history-words.ts";
import { keysOf } from "../../web/src/pages/admin/system/log-keys.ts";
import { percentOf } from "../../web/src/pages/admin/system/run-progress.ts";
import { VIEWS, viewOf, viewPath } from "../../web/src/pages/admin/system/system-paths.ts";

const BOX = { width: 100, height: 50 };

const history = (...values: (number | null)[]): Sample[] =>
  values.map((value, index) => ({ at: index * 10, value, failed: false }));

describe("the picture of a history", () => {
  it("runs from left to right, and higher for more", () => {
    const { line, area } = areaPaths(history(0, 5, 10), BOX, { from: 0, to: 20, top: 10 });
    assert.equal(line, "M0 50L50 25L100 0");
    assert.equal(area, "M0 50L50 25L100 0L100 50L0 50Z");
  });

  it("has a gap where nothing was measured, and where nobody looked for long", () => {
    const unmeasured = areaPaths(history(1, 1, null, 1, 1), BOX, { from: 0, to: 40, top: 1 });
    assert.equal(unmeasured.line.match(/M/g)?.length, 2);
    const [a, b, c] = history(1, 1, 1);
    const later = [a, b, c, { ...a, at: 500 }, { ...a, at: 510 }];
    assert.equal(areaPaths(later, BOX, { from: 0, to: 510, top: 1 }).line.match(/M/g)?.length, 2);
  });

  it("draws a single moment so that it can be seen, and nothing where there is nothing", () => {
    assert.equal(areaPaths(history(10), BOX, { from: 0, to: 0, top: 10 }).line, "M50 0L51 0");
    assert.deepEqual(areaPaths([], BOX, { from: 0, to: 1, top: 1 }), { line: "", area: "" });
  });

  it("has a round top, with room for the threshold only where the values come near it", () => {
    assert.equal(topOf(history(3, 7), null), 10);
    assert.equal(topOf(history(3, 7), 5000), 10);
    assert.equal(topOf(history(3000), 5000), 10_000);
    assert.equal(topOf(history(180), null), 200);
    assert.equal(topOf(history(0, null), null), 1);
  });

  it("is said in words by its ends, its mean and its failures", () => {
    const samples = [...history(2, null, 4), { at: 40, value: 9, failed: true }];
    assert.deepEqual(summarize(samples), { lowest: 2, highest: 9, mean: 5, failures: 1, count: 4 });
    assert.equal(summarize(history(null)), null);
  });

  it("leaves out times when there was no such part", () => {
    const point = { at: "2026-11-22T00:00:00.000Z", maxResponseMs: 9, looks: 1, figures: { jobs: 3 } };
    const samples = toSamples([
      { ...point, status: "off", responseMs: 0 },
      { ...point, status: "unhealthy", responseMs: 7 },
    ]);
    assert.deepEqual(samples, [{ at: Date.UTC(2026, 10, 22), value: 7, failed: true }]);
    assert.equal(toSamples([{ ...point, status: "healthy", responseMs: 7 }], "jobs")[0].value, 3);
  });
});

describe("parts of a whole", () => {
  it("fill the bar, and the smallest can still be seen", () => {
    assert.deepEqual(sharesOf([1, 3]), [25, 75]);
    assert.deepEqual(sharesOf([0, 0]), [0, 0]);
    const [small, none, large] = sharesOf([1, 0, 9999]);
    assert.ok(small > 1.9 && none === 0 && Math.abs(small + large - 100) < 0.1);
  });

  it("stand on each other in a column", () => {
    assert.deepEqual(stackColumn([2, 1, 0], 4, 80), [
      { y: 40, height: 40 },
      { y: 20, height: 20 },
      { y: 20, height: 0 },
    ]);
  });
});

describe("the page of operations", () => {
  it("has an address for each of its parts, and none for others", () => {
    for (const view of VIEWS) assert.equal(viewOf(viewPath(view)), view);
    assert.equal(viewOf("/admin/system/"), "overview");
    assert.equal(viewOf("/admin/system/nothing"), null);
  });

  it("keeps the names of lines while newer ones come", () => {
    const lines = [{ timestamp: "b" }, { timestamp: "a" }, { timestamp: "a" }];
    assert.deepEqual(keysOf(lines), ["b 0", "a 1", "a 0"]);
    assert.deepEqual(keysOf([{ timestamp: "c" }, ...lines]).slice(1), keysOf(lines));
  });

  it("knows how far a backup is by its bytes, else by its files, else not at all", () => {
    const run = { bytesDone: 5, bytesTotal: 20, filesDone: 1, filesTotal: 2 } as Parameters<
      typeof percentOf
    >[0];
    assert.equal(percentOf(run), 25);
    assert.equal(percentOf({ ...run, bytesTotal: null }), 50);
    assert.equal(percentOf({ ...run, bytesTotal: null, filesTotal: null }), null);
    assert.equal(percentOf({ ...run, bytesDone: 30 }), 100);
  });
});
