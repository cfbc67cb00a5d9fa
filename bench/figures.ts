/** One line of the report. `aim` is the most that `value` may be; without it the line only informs. */
export interface Figure {
  name: string;
  value: number;
  unit: "ms" | "MB" | "kB" | "MB/s" | "1/s" | "1/min" | "s" | "%" | "×";
  aim?: number;
}

/** The `p`-th percentile (0 to 100) by nearest rank. Throws on no values. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new Error("No values were measured.");
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)];
}

export const passes = ({ value, aim }: Figure): boolean => aim === undefined || value <= aim;

const shown = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));

/** The figures as a table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${shown(figure.value)} ${figure.unit}`,
    figure.aim === undefined ? "" : `≤ ${figure.aim} ${figure.unit}`,
    figure.aim === undefined ? "" : passes(figure) ? "pass" : "MISS",
  ]);
  const header = ["measurement", "value", "aim", ""];
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => row[column].length), title.length),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}
