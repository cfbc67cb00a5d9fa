import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  hint: string;
  action?: ReactNode;
}

/** Nothing to show, said kindly, with the way on. */
export function EmptyState({ icon, title, hint, action }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {icon}
      <h2>{title}</h2>
      <p className={styles.hint}>{hint}</p>
      {action && <div className={styles.actions}>{action}</div>}
    </div>
  );
}
