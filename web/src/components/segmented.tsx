import { useId } from "react";
import styles from "./segmented.module.css";

interface SegmentedProps<T extends string> {
  legend: string;
  value: T;
  options: ReadonlyArray<{ value: T; label: string; hint?: string; lang?: string }>;
  onChange: (value: T) => void;
}

/** One choice of a few, all in sight: a group of radio buttons that looks like one control. */
export function Segmented<T extends string>({ legend, value, options, onChange }: SegmentedProps<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className={styles.legend}>{legend}</legend>
      <div className={styles.options}>
        {options.map((option) => (
          <label key={option.value} className={styles.option} lang={option.lang}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
            {option.hint && <span className={styles.hint}>{option.hint}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
