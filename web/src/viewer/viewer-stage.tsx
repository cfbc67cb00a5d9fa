import type { RootState } from "@react-three/fiber";
import { type KeyboardEvent, type RefObject, useCallback, useId, useRef, useState } from "react";
import { boxSize } from "./box.ts";
import { CanvasRoot } from "./canvas-root.tsx";
import type { DimensionName } from "./dimension-lines.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import { keyCommand, type ViewerCommand } from "./key-commands.ts";
import { formatSize, type LengthUnit, naturalUnit } from "./length-format.ts";
import type { LoadedModel } from "./load-model.ts";
import type { OrbitHandle } from "./scene/orbit.tsx";
import { Scene } from "./scene/scene.tsx";
import { SizeLabels } from "./size-labels.tsx";
import { useInk } from "./use-ink.ts";
import type { ModelState } from "./use-model.ts";
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
  unit?: LengthUnit;
  state: ModelState;
  error: ViewerError | null;
  options: ViewerOptions;
  reducedMotion: boolean;
  stage: RefObject<HTMLDivElement | null>;
  orbit: RefObject<OrbitHandle | null>;
  run: (command: ViewerCommand) => void;
  onReady?: () => void;
  onRetry: () => void;
  onDrawingError: (error: ViewerError) => void;
  onCreated: (state: RootState) => void;
  onInteract: () => void;
};

/** The picture itself with its keys, labels, poster and messages. */
export function ViewerStage(props: ViewerStageProps) {
  const { url, label, poster, state, error, options, reducedMotion, stage, orbit } = props;
  const { t, language } = useViewerI18n();
  const hint = useId();
  const labels = useRef<Partial<Record<DimensionName, HTMLElement | null>>>({});
  const model = state.status === "ready" ? state.model : null;
  const [drawnModel, setDrawnModel] = useState<LoadedModel | null>(null);
  const drawn = model !== null && drawnModel === model;
  const visible = useVisible(stage);
  const ink = useInk(stage, options.background);
  const latest = useRef(props);
  latest.current = props;

  const interact = useCallback(() => latest.current.onInteract(), []);
  const firstFrame = useCallback(() => {
    setDrawnModel(model);
    latest.current.onReady?.();
  }, [model]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    const { key, code, shiftKey } = event;
    const command = keyCommand({
      key,
      code,
      shiftKey,
      modified: event.ctrlKey || event.metaKey || event.altKey,
    });
    if (!command) return;
    event.preventDefault();
    props.run(command);
  }

  const size = model && boxSize(model.box);
  const unit = size && (props.unit ?? naturalUnit(Math.max(...size)));
  const progress = state.status === "loading" ? state.progress : { bytes: 0, fraction: 1 };
  const phase = drawn || error ? null : t(model ? "viewer.preparing" : "viewer.loading");

  return (
    <div
      ref={stage}
      className={styles.stage}
      data-background={options.background}
      data-drawn={(drawn && !error) || undefined}
      aria-busy={!drawn && !error}
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
          onKeyDown={onKeyDown}
        >
          <CanvasRoot onError={props.onDrawingError} onCreated={props.onCreated}>
            {model && (
              <ErrorBoundary onError={(thrown) => props.onDrawingError(toViewerError(thrown))}>
                <Scene
                  key={model.object.uuid}
                  {...{ model, options, reducedMotion, ink, labels, orbit }}
                  rotating={options.rotation && visible}
                  onInteract={interact}
                  onFirstFrame={firstFrame}
                />
              </ErrorBoundary>
            )}
          </CanvasRoot>
        </div>
      )}
      {model && size && unit && !error && (
        <SizeLabels
          {...{ box: model.box, unit, labels }}
          grid={options.grid}
          dimensions={options.dimensions}
        />
      )}
      {phase && <LoadingStatus progress={progress} label={phase} />}
      {error && <Failure code={error.code} url={url} onRetry={props.onRetry} />}
      <p id={hint} className="visually-hidden">
        {t("viewer.hint")}
      </p>
      <p role="status" className="visually-hidden">
        {phase ??
          (drawn &&
            !error &&
            size &&
            unit &&
            t("viewer.ready", { size: formatSize([size[0], size[2], size[1]], unit, language) }))}
      </p>
    </div>
  );
}
