import { stackColumn } from "./chart-geometry.ts";

export interface HourColumn {
  key: string;
  /** Counts of the parts from the bottom up. */
  counts: readonly number[];
  /** What appears when one points at it. */
  title: string;
}

interface HourColumnsProps {
  columns: readonly HourColumn[];
  /** Names of the parts from the bottom up, which give the colours. */
  parts: readonly string[];
  /** The picture in words. */
  label: string;
  /** The words below the picture, from left to right. */
  captions: readonly string[];
}

const HEIGHT = 80;
const STEP = 10;
const WIDTH = 8;
/** Wider than this, a column looks like a field. */
const COLUMN_REM = 4;

/** Counts over time as stacked columns. */
export function HourColumns({ columns, parts, label, captions }: HourColumnsProps) {
  const sums = columns.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const top = Math.max(1, ...sums);
  const maxWidth = `${columns.length * COLUMN_REM}rem`;
  return (
    <figure className="sys-columns">
      <svg
        style={{ maxWidth }}
        viewBox={`0 0 ${columns.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {columns.map(({ key, counts, title }, index) => (
          <g key={key} transform={`translate(${index * STEP + 1} 0)`}>
            <title>{title}</title>
            <rect className="sys-columns-ground" width={WIDTH} height={HEIGHT} />
            {stackColumn(counts, top, HEIGHT).map((part, at) =>
              part.height > 0 ? (
                <rect key={parts[at]} data-part={parts[at]} y={part.y} width={WIDTH} height={part.height} />
              ) : null,
            )}
          </g>
        ))}
      </svg>
      <figcaption style={{ maxWidth }} aria-hidden="true">
        {captions.map((caption) => (
          <span key={caption}>{caption}</span>
        ))}
      </figcaption>
    </figure>
  );
}
