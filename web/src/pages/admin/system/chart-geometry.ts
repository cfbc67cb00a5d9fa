/** A moment of a history: `at` in ms since 1970, `value` in the chart's unit; null where nothing was measured. */
export interface Sample {
  at: number;
  value: number | null;
  /** Whether the check failed. */
  failed: boolean;
}

/** A box of a drawing, in its own units; y runs downwards. */
export interface Box {
  width: number;
  height: number;
}

export interface Summary {
  lowest: number;
  highest: number;
  mean: number;
  failures: number;
  count: number;
}

/** A gap of so many usual distances between samples is drawn as a gap. */
const GAP = 3;

const round = (value: number) => Math.round(value * 100) / 100;

/** What can be said of a history in one sentence; null where nothing was measured. */
export function summarize(samples: readonly Sample[]): Summary | null {
  const values = samples.flatMap(({ value }) => (value === null ? [] : [value]));
  const failures = samples.filter(({ failed }) => failed).length;
  if (values.length === 0) return null;
  return {
    lowest: Math.min(...values),
    highest: Math.max(...values),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    failures,
    count: samples.length,
  };
}

/**
 * The top of a scale: the next of 1, 2, 5, 10, 20, 50, … above the highest value. The threshold widens it only where
 * the values come near, so that a quiet history isn't pressed flat by a far limit.
 */
export function topOf(samples: readonly Sample[], threshold: number | null): number {
  const highest = Math.max(0, ...samples.map(({ value }) => value ?? 0));
  const wanted = threshold !== null && highest > threshold / 2 ? Math.max(highest, threshold * 1.1) : highest;
  if (wanted <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10;
  return step * power;
}

/** Pieces without a gap: where nothing was measured, or for much longer than usual. */
function pieces(samples: readonly Sample[]): Sample[][] {
  const distances = samples.slice(1).map(({ at }, index) => at - samples[index].at);
  const usual = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
  const found: Sample[][] = [];
  let last: Sample | undefined;
  for (const sample of samples) {
    if (sample.value !== null) {
      const goesOn = last && last.value !== null && sample.at - last.at <= GAP * usual;
      if (goesOn) found.at(-1)?.push(sample);
      else found.push([sample]);
    }
    last = sample;
  }
  return found;
}

/** Where a moment stands from left to right. */
export function xOf(at: number, from: number, to: number, width: number): number {
  return round(to > from ? ((at - from) / (to - from)) * width : width / 2);
}

/** SVG paths of the line above the history and of the area below it, over the time `from` to `to` (ms). */
export function areaPaths(
  samples: readonly Sample[],
  { width, height }: Box,
  { from, to, top }: { from: number; to: number; top: number },
): { line: string; area: string } {
  const y = (value: number) => round(height - Math.min(1, value / top) * height);
  const lines: string[] = [];
  const areas: string[] = [];
  for (const piece of pieces(samples)) {
    const points = piece.map(({ at, value }) => [xOf(at, from, to, width), y(value ?? 0)]);
    // A single moment is drawn as a short stroke.
    if (points.length === 1) points.push([points[0][0] + width / 100, points[0][1]]);
    const path = `M${points.map((point) => point.join(" ")).join("L")}`;
    lines.push(path);
    areas.push(`${path}L${points.at(-1)?.[0]} ${height}L${points[0][0]} ${height}Z`);
  }
  return { line: lines.join(""), area: areas.join("") };
}

/** Shares of a whole in percent, for the parts of a bar; each part that is there at all can be seen. */
export function sharesOf(counts: readonly number[], least = 2): number[] {
  const whole = counts.reduce((sum, count) => sum + count, 0);
  if (whole <= 0) return counts.map(() => 0);
  const raised = counts.map((count) => (count > 0 ? Math.max(least, (count / whole) * 100) : 0));
  const sum = raised.reduce((total, share) => total + share, 0);
  return raised.map((share) => round((share / sum) * 100));
}

/** Parts of a column from the bottom up: `y` and `height` in the units of the drawing. */
export function stackColumn(counts: readonly number[], top: number, height: number) {
  let below = 0;
  return counts.map((count) => {
    const part = (count / top) * height;
    below += part;
    return { y: round(height - below), height: round(part) };
  });
}
