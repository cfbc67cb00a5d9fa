import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/docs/page.ts";

const read = (name: string) => fs.readFileSync(path.join(ROOT, name), "utf8");

/** Rows of the table of the plan: what, and a cell for each number of models a day. */
function planOf(page: string, title: RegExp): string[][] {
  const lines = read(page).split("\n");
  const start = lines.findIndex((line) => title.test(line));
  assert.ok(start > 0, page);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const SCALE: Record<string, number> = { MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };

/** `3.3 TB` and `1,736` as numbers. */
function numberOf(cell: string): number {
  const [, digits, unit] = /^([\d.,]+)(?: (\w+))?$/.exec(cell) ?? assert.fail(`no number: ${cell}`);
  return Number(digits.replaceAll(",", "")) * (unit ? SCALE[unit] : 1);
}

const SECONDS_A_DAY = 86_400;
const MODEL_BYTES = 3.3e6;
const ROW_BYTES = 5.5e3;
/** What each row comes to for one model a day. */
const PER_MODEL: Record<string, number> = {
  "a second": 1 / SECONDS_A_DAY,
  "cores of workers, GenAPI (0.33 s each)": 0.33 / SECONDS_A_DAY,
  "cores of workers, made here (2.9 s each)": 2.9 / SECONDS_A_DAY,
  "generations at GenAPI at a time (150 s)": 150 / SECONDS_A_DAY,
  "requests to GenAPI a second (3 each)": 3 / SECONDS_A_DAY,
  "requests to web a second (30 each)": 30 / SECONDS_A_DAY,
  "files a day": MODEL_BYTES,
  "files a year": MODEL_BYTES * 365,
  "database a day (5.5 kB each)": ROW_BYTES,
  "row writes a second (about 30 each)": 30 / SECONDS_A_DAY,
  "uploads, Mbit/s (3 MB each)": (3e6 * 8) / 1e6 / SECONDS_A_DAY,
  "views, Mbit/s (3 × 0.6 MB)": (3 * 0.6e6 * 8) / 1e6 / SECONDS_A_DAY,
  "GenAPI, roubles a day": 17,
};

test("the plan to a million models a day is calculated right", () => {
  const [[, ...models], , ...rows] = planOf("docs/scaling.md", /^\| models a day \|/);
  assert.deepEqual(
    rows.map(([what]) => what).filter((what) => what !== "shape"),
    Object.keys(PER_MODEL),
  );
  for (const [what, ...cells] of rows) {
    if (!(what in PER_MODEL)) continue;
    for (const [index, cell] of cells.entries()) {
      const right = numberOf(models[index]) * PER_MODEL[what];
      const shown = numberOf(cell);
      // Two digits are shown, and what is below ten may be rounded to one.
      assert.ok(
        Math.abs(shown - right) <= right * 0.2 + 0.004,
        `${what}, ${models[index]}: ${cell}, not ${right}`,
      );
    }
  }
});

test("both languages have the same figures", () => {
  const figures = (text: string, isRussian: boolean) =>
    (isRussian
      ? text.replaceAll(/(?<=\d)[ \u00a0](?=\d{3}(?!\d))/g, "").replaceAll(/(?<=\d),(?=\d)/g, ".")
      : text.replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, "")
    ).match(/(?<![\w.])\d+(?:\.\d+)?/g) ?? [];
  const tables = (page: string) =>
    read(page)
      .split("\n")
      .filter((line) => /^\|.*\d/.test(line));
  const [english, russian] = [tables("docs/scaling.md"), tables("docs/scaling.ru.md")];
  assert.deepEqual(
    russian.map((line) => figures(line, true).toSorted()),
    english.map((line) => figures(line, false).toSorted()),
  );
});
