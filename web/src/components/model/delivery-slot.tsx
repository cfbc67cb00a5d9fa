import { lazy, Suspense } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import type { ModelChange } from "../../api/models.ts";
import { loadView } from "../../load-view.ts";
import { ErrorBoundary } from "../error-boundary.tsx";

const DeliveryPanel = lazy(async () => ({
  default: (await loadView(() => import("./delivery-panel.tsx"))).DeliveryPanel,
}));

/** The bound of the file for viewing, loaded after the page. */
export function DeliverySlot(props: { model: Model; change: (part: ModelChange) => Promise<unknown> }) {
  return (
    <ErrorBoundary resetKey={props.model.id} fallback={null}>
      <Suspense>
        <DeliveryPanel key={props.model.id} {...props} />
      </Suspense>
    </ErrorBoundary>
  );
}
