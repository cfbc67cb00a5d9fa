import { type ReactNode, useId } from "react";
import styles from "./account.module.css";

interface AccountCardProps {
  heading: string;
  lead?: string;
  children: ReactNode;
}

/** One concern of a view of the account. */
export function AccountCard({ heading, lead, children }: AccountCardProps) {
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id}>
      <div>
        <h2 id={id}>{heading}</h2>
        {lead && <p className={styles.quiet}>{lead}</p>}
      </div>
      {children}
    </section>
  );
}
