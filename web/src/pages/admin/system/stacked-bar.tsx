import { sharesOf } from "./chart-geometry.ts";

export interface BarPart {
  name: string;
  label: string;
  count: number;
}

interface StackedBarProps {
  parts: readonly BarPart[];
  /** What the parts are counts of, for a screen reader. */
  label: string;
}

/** Parts of a whole side by side; the list below says them in words. */
export function StackedBar({ parts, label }: StackedBarProps) {
  const shares = sharesOf(parts.map(({ count }) => count));
  return (
    <div className="sys-stack">
      <div className="sys-bar" aria-hidden="true">
        {parts.map(({ name, count }, index) =>
          count > 0 ? <span key={name} data-part={name} style={{ width: `${shares[index]}%` }} /> : null,
        )}
      </div>
      <ul className="sys-legend" aria-label={label}>
        {parts.map(({ name, label: words, count }) => (
          <li key={name} data-none={count === 0 || undefined}>
            <span className="sys-dot" data-part={name} aria-hidden="true" />
            {words} <strong>{count}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}
