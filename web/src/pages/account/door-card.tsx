import type { ReactNode } from "react";
import { PageHeading, useTitle } from "../../components/page.tsx";
import styles from "./door.module.css";

interface DoorCardProps {
  page: string;
  heading: string;
  children: ReactNode;
}

/** The box in which somebody signs in, or gets an account or a password. */
export function DoorCard({ page, heading, children }: DoorCardProps) {
  useTitle(page);
  return (
    <div className={styles.card}>
      <PageHeading>{heading}</PageHeading>
      {children}
    </div>
  );
}
