import type { RootState } from "@react-three/fiber";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useId,
  useRef,
  useState,
} from "react";
import { boxSize, type Vec3 } from "./box.ts";
import type { CameraLink } from "./camera-link.ts";
import { CanvasRoot } from "./canvas-root.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { keyCommand, type ViewerCommand } from "./key-commands.ts";
import { formatSize, type LengthUnit } from "./length-format.ts";
import type { LoadedModel } from "./load-model.ts";
import { NoteMarkers } from "./note-markers.tsx";
import { PhotoSlider } from "./photo-slider.tsx";
import type { OrbitHandle } from "./scene/orbit.tsx";
import type { PickHandle, SurfaceHit } from "./scene/picking.tsx";
import { Scene } from "./scene/scene.tsx";
import { type LabelName, SizeLabels } from "./size-labels.tsx";
import { useContextLoss } from "./use-context-loss.ts";
import { useInk } from "./use-ink.ts";
import type { ModelState } from "./use-model.ts";
import type { Notes } from "./use-notes.ts";
import type { PhotoView, ViewerPhoto } from "./use-photo-view.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import { useVisible } from "./use-visible.ts";
import styles from "./viewer.module.css";
import { toViewerError, type ViewerError } from "./viewer-error.ts";
import type { ViewerOptions } from "./viewer-options.ts";
import { Failure, LoadingStatus } from "./viewer-status.tsx";

type ViewerStageProps = {
  url: string;
  label: string;
  poster?: string;
  photo?: ViewerPhoto;
  photoView: PhotoView | null;
  unit: LengthUnit;
  sizeAssumed?: boolean;
  state: ModelState;
  error: ViewerError | null;
  options: ViewerOptions;
  reducedMotion: boolean;
  notes: Notes;
  link?: CameraLink;
  frame?: Vec3;
  stage: RefObject<HTMLDivElement | null>;
  orbit: RefObject<OrbitHandle | null>;
  run: (command: ViewerCommand) => void;
  onReady?: () => void;
  onRetry: () => void;
  onDrawingError: (error: ViewerError) => void;
  onCreated: (state: RootState) => void;
  onInteract: () => void;
  onSelectNote: (id: string) => void;
  /** What lies over the picture: buttons, questions. */
  children?: ReactNode;
};

/** The picture itself with its keys, labels, poster and messages. */
export function ViewerStage(props: ViewerStageProps) {
  const { url, label, poster, photo, photoView, state, error, options, reducedMotion, stage, orbit } = props;
  const { notes, unit, sizeAssumed } = props;
  const { t, language } = useViewerI18n();
  const hint = useId();
  const labels = useRef<Partial<Record<LabelName, HTMLElement | null>>>({});
  const markers = useRef(new Map<string, HTMLElement>());
  const pick = useRef<PickHandle>(null);
  const model = state.status === "ready" ? state.model : null;
  const [drawnModel, setDrawnModel] = useState<LoadedModel | null>(null);
  const drawn = model !== null && drawnModel === model;
  const visible = useVisible(stage);
  const ink = useInk(stage, options.background);
  const context = useContextLoss(props.onDrawingError);
  const latest = useRef(props);
  latest.current = props;

  const interact = useCallback(() => latest.current.onInteract(), []);
  const firstFrame = useCallback(() => {
    setDrawnModel(model);
    latest.current.onReady?.();
  }, [model]);

  // The scene gets these a moment after the stage: what they are to do is what holds when somebody taps.
  function tap(hit: SurfaceHit | null) {
    const { notes, state } = latest.current;
    if (notes.placing && hit && state.status === "ready") notes.place(state.model.box, hit);
  }
  function doubleTap(hit: SurfaceHit | null) {
    if (latest.current.notes.placing) tap(hit);
    else if (latest.current.photoView) return;
    else if (hit) orbit.current?.focus(hit.point);
    else orbit.current?.view("home");
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    const { key, code, shiftKey } = event;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const isPlaced = notes.placing && key === "Enter";
    const command = keyCommand({ key, code, shiftKey, modified });
    if (notes.placing && key === "Escape") notes.cancel();
    else if (isPlaced) tap(pick.current?.(0, 0) ?? null);
    else if (command) props.run(command);
    else return;
    event.preventDefault();
  }

  const size = model && boxSize(model.box);
  const progress = state.status === "loading" ? state.progress : { bytes: 0, fraction: 1 };
  const phase = error
    ? null
    : context.lost
      ? t("viewer.interrupted")
      : drawn
        ? null
        : t(model ? "viewer.preparing" : "viewer.loading");
  const shown = size && formatSize([size[0], size[2], size[1]], unit, language);

  return (
    <div
      ref={stage}
      className={styles.stage}
      data-background={options.background}
      data-drawn={(drawn && !error) || undefined}
      aria-busy={phase !== null}
    >
      {poster && (!drawn || error) && <img className={styles.poster} src={poster} alt="" />}
      {!error && (
        <div
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a role of application takes keys of its own
          tabIndex={0}
          aria-label={t("viewer.label", { name: label })}
          aria-describedby={hint}
          className={styles.keys}
          data-placing={notes.placing || undefined}
          onKeyDown={onKeyDown}
        >
          <CanvasRoot
            onError={props.onDrawingError}
            onCreated={props.onCreated}
            onContext={context.onContext}
          >
            {model && (
              <ErrorBoundary onError={(thrown) => props.onDrawingError(toViewerError(thrown))}>
                <Scene
                  key={model.object.uuid}
                  {...{ model, options, reducedMotion, ink, labels, orbit, markers, pick }}
                  generation={context.generation}
                  photoPose={photoView?.pose ?? null}
                  link={props.link}
                  frame={props.frame}
                  hotspots={photoView ? [] : notes.shown}
                  rotating={options.rotation && visible}
                  onInteract={interact}
                  onFirstFrame={firstFrame}
                  onTap={tap}
                  onDoubleTap={doubleTap}
                />
              </ErrorBoundary>
            )}
          </CanvasRoot>
        </div>
      )}
      {model && !error && !photoView && (
        <SizeLabels box={model.box} {...{ unit, sizeAssumed, labels, options }} />
      )}
      {model && !error && !photoView && (
        <NoteMarkers notes={notes} elements={markers} onSelect={props.onSelectNote} />
      )}
      {photo && photoView && drawn && <PhotoSlider url={photo.url} alt={photo.alt} rect={photoView.rect} />}
      {phase && <LoadingStatus progress={progress} label={phase} />}
      {error && <Failure code={error.code} url={url} onRetry={props.onRetry} />}
      {!error && props.children}
      <p id={hint} className="visually-hidden">
        {t("viewer.hint")}
      </p>
      <p role="status" className="visually-hidden">
        {phase ?? (drawn && !error && shown && t("viewer.ready", { size: shown }))}
      </p>
    </div>
  );
}
