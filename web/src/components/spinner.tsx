import styles from "./spinner.module.css";

/** Says that something is being waited for. */
export function Spinner({ label }: { label: string }) {
  return (
    <p className={styles.line} role="status">
      <span className={styles.ring} aria-hidden="true" />
      {label}
    </p>
  );
}
