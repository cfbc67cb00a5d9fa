import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { hasNavigated } from "../hooks/use-route-focus.ts";
import { useI18n } from "../i18n/use-i18n.ts";
import styles from "./page.module.css";

/** Names the document. */
export function useTitle(title: string): void {
  const { t } = useI18n();
  const full = t("app.titled", { page: title });
  useEffect(() => {
    document.title = full;
  }, [full]);
}

/** The column that every view stands in; names the document. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return <div className={styles.page}>{children}</div>;
}

/** The view's heading. After a change of view it takes the focus, so that a screen reader begins here. */
export function PageHeading({ children, className }: { children: ReactNode; className?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // At once: whoever reaches for something else a moment later must not lose the focus again.
  useLayoutEffect(() => {
    if (hasNavigated()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}
