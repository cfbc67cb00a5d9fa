import { type ComponentType, lazy, Suspense, useCallback, useMemo, useState } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import type { ModelChange } from "../../api/models.ts";
import type { ViewerProps } from "../../viewer/viewer.tsx";
import { Button } from "../button.tsx";
import { ErrorBoundary } from "../error-boundary.tsx";
import { Notice } from "../notice.tsx";
import { Spinner } from "../spinner.tsx";
import { placeOfObject } from "./place-of-object.ts";
import { useModelI18n } from "./use-model-i18n.ts";
import styles from "./viewer-slot.module.css";
import { hotspotsOf, viewpointOf } from "./viewing-data.ts";

const load = (): Promise<{ default: ComponentType<ViewerProps> }> => import("../../viewer/viewer.tsx");

type ViewerSlotProps = Pick<ViewerProps, "link" | "frame" | "options"> & {
  model: Model;
  /** Keeps notes and viewpoint; without it they can only be looked at. */
  save?: (change: ModelChange) => Promise<void>;
};

/** The viewer of a model, in a download of its own; the thumbnail stands in for it meanwhile. */
export function ViewerSlot({ model, save, ...viewing }: ViewerSlotProps) {
  const { t } = useModelI18n();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a lazy component keeps its failure, another attempt needs another one
  const Viewer = useMemo(() => lazy(load), [attempt]);
  const { glb, thumbnail, photo } = model.files;
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
      <Suspense fallback={waiting}>
        <Viewer
          url={glb.url}
          bytes={glb.bytes}
          label={model.name}
          unit={model.dimensions.unit}
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
      </Suspense>
    </ErrorBoundary>
  );
}
