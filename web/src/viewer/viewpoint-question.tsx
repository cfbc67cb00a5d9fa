import { type RefObject, useState } from "react";
import type { Viewpoint } from "../../../server/contract/viewing.ts";
import { Button } from "../components/button.tsx";
import type { Box } from "./box.ts";
import type { OrbitHandle } from "./scene/orbit.tsx";
import type { PhotoView } from "./use-photo-view.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import styles from "./viewer.module.css";
import { viewpointOf } from "./viewpoint.ts";

type ViewpointQuestionProps = {
  box: Box;
  photoView: PhotoView;
  orbit: RefObject<OrbitHandle | null>;
  onSave?: (viewpoint: Viewpoint) => Promise<void>;
  onBack: () => void;
};

/** After somebody moved the model over its photo: keep the new viewpoint, or go back. */
export function ViewpointQuestion({ box, photoView, orbit, onSave, onBack }: ViewpointQuestionProps) {
  const { t } = useViewerI18n();
  const [state, setState] = useState<"idle" | "saving" | "failed">("idle");
  async function save() {
    if (!orbit.current) return;
    setState("saving");
    const viewpoint = viewpointOf(orbit.current.pose(), box, photoView.rect, photoView.stage);
    await onSave!(viewpoint).catch(() => setState("failed"));
  }
  return (
    <div className={styles.note}>
      {state === "failed" && <span role="alert">{t("viewer.notes.failed")}</span>}
      {onSave && (
        <Button variant="primary" disabled={state === "saving"} onClick={() => void save()}>
          {t("viewer.compare.save")}
        </Button>
      )}
      <Button onClick={onBack}>{t("viewer.compare.back")}</Button>
    </div>
  );
}
