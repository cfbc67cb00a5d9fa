import { type ReactNode, useId } from "react";
import styles from "./viewer-toolbar.module.css";

type CheckProps = { label: string; shortcut?: string; checked: boolean; onChange: (on: boolean) => void };

/** One thing to switch on or off, with its key. */
export function Check({ label, shortcut, checked, onChange }: CheckProps) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
      {shortcut && (
        <kbd aria-hidden className={styles.key}>
          {shortcut}
        </kbd>
      )}
    </label>
  );
}

type RangeProps = {
  label: string;
  /** What the value means, for people. */
  shown: string;
  value: number;
  least: number;
  most: number;
  step: number;
  onChange: (value: number) => void;
  /** A button that takes the value back. */
  children?: ReactNode;
};

/** A value between two ends. */
export function Range({ label, shown, value, least, most, step, onChange, children }: RangeProps) {
  const id = useId();
  return (
    <div className={styles.range}>
      <label htmlFor={id}>{label}</label>
      <output htmlFor={id}>{shown}</output>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={shown}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      {children}
    </div>
  );
}
