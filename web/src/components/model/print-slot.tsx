import { lazy, Suspense } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { loadView } from "../../load-view.ts";
import { ErrorBoundary } from "../error-boundary.tsx";

const PrintPanel = lazy(async () => ({
  default: (await loadView(() => import("./print-panel.tsx"))).PrintPanel,
}));

/** The print panel, loaded after the page; what it found holds for one state of the model. */
export function PrintSlot({ model }: { model: Model }) {
  return (
    <ErrorBoundary resetKey={model.id} fallback={null}>
      <Suspense>
        <PrintPanel key={`${model.id} ${model.updatedAt}`} model={model} />
      </Suspense>
    </ErrorBoundary>
  );
}
