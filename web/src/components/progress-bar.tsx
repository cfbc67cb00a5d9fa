import styles from "./progress-bar.module.css";

interface ProgressBarProps {
  label: string;
  /** 0 to 100; null where nobody knows: the bar then only shows that work goes on. */
  percent: number | null;
}

export function ProgressBar({ label, percent }: ProgressBarProps) {
  const known = percent !== null;
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(known && { "aria-valuenow": Math.round(percent) })}
    >
      <div
        className={known ? styles.fill : `${styles.fill} ${styles.working}`}
        style={known ? { width: `${percent}%` } : undefined}
      />
    </div>
  );
}
