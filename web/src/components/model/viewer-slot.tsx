import { useCallback, useState } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import type { ModelChange } from "../../api/models.ts";
import { late } from "../../late.tsx";
import type { ViewerProps } from "../../viewer/viewer.tsx";
import { Button } from "../button.tsx";
import { ErrorBoundary } from "../error-boundary.tsx";
import { Notice } from "../notice.tsx";
import { Spinner } from "../spinner.tsx";
import { placeOfObject } from "./place-of-object.ts";
import { useModelI18n } from "./use-model-i18n.ts";
import styles from "./viewer-slot.module.css";
import { hotspotsOf, viewpointOf } from "./viewing-data.ts";

const Viewer = late<ViewerProps>(() => import("../../viewer/viewer.tsx"));
/** Fetches the viewer before a slot shows it. */
export const fetchViewer = Viewer.fetch;

type ViewerSlotProps = Pick<ViewerProps, "link" | "frame" | "options"> & {
  model: Model;
  /** Keeps notes and viewpoint; without it they can only be looked at. */
  save?: (change: ModelChange) => Promise<void>;
};

/** The viewer of a model, in a download of its own; the thumbnail stands in for it meanwhile. */
export function ViewerSlot({ model, save, ...viewing }: ViewerSlotProps) {
  const { t } = useModelI18n();
  const [attempt, setAttempt] = useState(0);
  const { glb, preview, thumbnail, photo } = model.files;
  const photoUrl = photo?.url ?? "";
  const findObject = useCallback((signal: AbortSignal) => placeOfObject(photoUrl, signal), [photoUrl]);
  if (!glb) return <Notice tone="warn" role="alert" title={t("viewer.errors.missing.title")} />;

  const poster = thumbnail?.url;
  const failed = (
    <div className={styles.slot}>
      <Notice
        tone="error"
        role="alert"
        actions={<Button onClick={() => setAttempt(attempt + 1)}>{t("model.errors.retry")}</Button>}
      >
        {t("model.errors.viewerChunk")}
      </Notice>
    </div>
  );
  const waiting = (
    <div className={styles.slot}>
      {poster && <img className={styles.poster} src={poster} alt="" />}
      <Spinner label={t("viewer.preparing")} />
    </div>
  );
  return (
    <ErrorBoundary resetKey={String(attempt)} fallback={failed}>
      <Viewer
        waiting={waiting}
        url={glb.url}
        bytes={glb.bytes}
        preview={preview}
        label={model.name}
        unit={model.dimensions.unit}
        sizeAssumed={model.localReport?.scaleAssumed}
        poster={poster}
        photo={
          photo && {
            url: photo.url,
            alt: t("model.photo.alt", { name: model.name }),
            viewpoint: viewpointOf(model),
            findObject,
          }
        }
        hotspots={hotspotsOf(model)}
        onSaveHotspots={save && ((hotspots) => save({ hotspots }))}
        onSaveViewpoint={save && ((viewpoint) => save({ viewpoint }))}
        {...viewing}
      />
    </ErrorBoundary>
  );
}
