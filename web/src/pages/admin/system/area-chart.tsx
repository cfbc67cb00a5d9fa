import { areaPaths, type Sample, topOf, xOf } from "./chart-geometry.ts";

interface AreaChartProps {
  samples: readonly Sample[];
  /** The time that is shown: ms since 1970. */
  from: number;
  to: number;
  /** Drawn as a line where the values come near it; in the unit of the values. */
  threshold: number | null;
  /** The picture in words. */
  label: string;
}

const BOX = { width: 240, height: 56 };

/** A history as a small area; times with a failed check are marked at the bottom. */
export function AreaChart({ samples, from, to, threshold, label }: AreaChartProps) {
  const top = topOf(samples, threshold);
  const { line, area } = areaPaths(samples, BOX, { from, to, top });
  const limit = threshold !== null && threshold <= top ? BOX.height * (1 - threshold / top) : null;
  return (
    <svg
      className="sys-chart"
      viewBox={`0 0 ${BOX.width} ${BOX.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className="sys-chart-area" d={area} />
      <path className="sys-chart-line" d={line} vectorEffect="non-scaling-stroke" />
      {limit !== null && (
        <line
          className="sys-chart-limit"
          x1={0}
          x2={BOX.width}
          y1={limit}
          y2={limit}
          vectorEffect="non-scaling-stroke"
        />
      )}
      {samples
        .filter(({ failed }) => failed)
        .map(({ at }) => (
          <line
            key={at}
            className="sys-chart-failure"
            x1={xOf(at, from, to, BOX.width)}
            x2={xOf(at, from, to, BOX.width)}
            y1={BOX.height}
            y2={BOX.height * 0.8}
            vectorEffect="non-scaling-stroke"
          />
        ))}
    </svg>
  );
}
