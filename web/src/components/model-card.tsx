import { Box } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { Link } from "wouter";
import type { Model } from "../../../server/contract/model.ts";
import { paths } from "../paths.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import styles from "./model-card.module.css";
import { useTurning } from "./use-turning.ts";

const Turntable = lazy(() => import("./turntable.tsx"));

interface ModelCardProps {
  model: Model;
  /** The quiet line below the name. */
  meta: string;
  /** Beside the name. */
  actions?: ReactNode;
  /** Below the name. */
  footer?: ReactNode;
  /** A model in the trash has no view of its own to go to. */
  linked?: boolean;
}

export function ModelCard({ model, meta, actions, footer, linked = true }: ModelCardProps) {
  const { thumbnail } = model.files;
  const { turntable } = model.exports;
  const { turning, handlers } = useTurning();
  return (
    <article className={styles.card} {...handlers}>
      <div className={styles.picture}>
        {thumbnail ? (
          <img src={thumbnail.url} alt="" loading="lazy" decoding="async" width={512} height={512} />
        ) : (
          <Box size={48} strokeWidth={1.25} aria-hidden="true" />
        )}
        {turning && turntable && (
          <ErrorBoundary resetKey={turntable.url} fallback={null}>
            <Suspense>
              <Turntable file={turntable} />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
      <div className={styles.words}>
        <div className={styles.text}>
          {linked ? (
            <Link href={paths.model(model.id)} className={styles.name}>
              {model.name}
            </Link>
          ) : (
            <span className={styles.name}>{model.name}</span>
          )}
          <p className={styles.meta}>{meta}</p>
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {footer && <div className={styles.footer}>{footer}</div>}
    </article>
  );
}

/** The list that model cards stand in. */
export function ModelGrid({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <ul className={styles.grid} aria-label={label}>
      {children}
    </ul>
  );
}

/** The shape of cards to come. */
export function ModelGridGhost({ count, label }: { count: number; label: string }) {
  return (
    <div role="status">
      <span className="visually-hidden">{label}</span>
      <div className={styles.grid} aria-hidden="true">
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing else
          <div key={index} className={styles.ghost} />
        ))}
      </div>
    </div>
  );
}
