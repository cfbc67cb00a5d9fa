import type { ReactNode } from "react";
import styles from "./notice.module.css";

interface NoticeProps {
  tone?: "plain" | "warn" | "error" | "good";
  title?: string;
  children?: ReactNode;
  /** A quieter line below, such as a request's id. */
  small?: string | null;
  actions?: ReactNode;
  role?: "alert" | "status";
}

/** A boxed message: what happened, and what to do next. */
export function Notice({ tone = "plain", title, children, small, actions, role }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${tone === "plain" ? "" : styles[tone]}`} role={role}>
      {title && <p className={styles.title}>{title}</p>}
      {typeof children === "string" ? <p>{children}</p> : children}
      {small && <p className={styles.small}>{small}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
