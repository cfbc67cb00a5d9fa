import { lazy, type ReactNode, Suspense } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { ErrorBoundary } from "../error-boundary.tsx";
import styles from "./share.module.css";
import { ShareButton } from "./share-button.tsx";

const RoomButton = lazy(() => import("./room-button.tsx"));

/** Below the viewer: into the room on a phone, passing the model on, and what else the page has there. */
export function ShareBar({ model, children }: { model: Model; children?: ReactNode }) {
  return (
    <div className={styles.bar}>
      <ErrorBoundary resetKey={model.id} fallback={null}>
        <Suspense fallback={null}>
          <RoomButton model={model} />
        </Suspense>
      </ErrorBoundary>
      {model.canChange && <ShareButton subject={{ kind: "model", id: model.id, name: model.name }} />}
      {children}
    </div>
  );
}
