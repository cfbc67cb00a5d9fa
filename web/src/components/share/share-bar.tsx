import { lazy, Suspense } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { ErrorBoundary } from "../error-boundary.tsx";
import styles from "./share.module.css";
import { ShareButton } from "./share-button.tsx";

const RoomButton = lazy(() => import("./room-button.tsx"));

/** Below the viewer: into the room on a phone, and passing the model on. */
export function ShareBar({ model }: { model: Model }) {
  return (
    <div className={styles.bar}>
      <ErrorBoundary resetKey={model.id} fallback={null}>
        <Suspense fallback={null}>
          <RoomButton model={model} />
        </Suspense>
      </ErrorBoundary>
      <ShareButton subject={{ kind: "model", id: model.id, name: model.name }} />
    </div>
  );
}
