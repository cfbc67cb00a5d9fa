import type { ReactNode } from "react";

export interface Figure {
  label: string;
  value: ReactNode;
  hint?: string | undefined;
}

/** Numbers that are read at a glance. */
export function Figures({ items }: { items: readonly Figure[] }) {
  return (
    <dl className="sys-figures">
      {items.map(({ label, value, hint }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <strong>{value}</strong>
            {hint && <span>{hint}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
