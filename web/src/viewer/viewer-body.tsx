import type { RootState } from "@react-three/fiber";
import { useCallback, useEffect, useRef, useState } from "react";
import { useStore } from "../hooks/use-store.ts";
import { boxSize } from "./box.ts";
import { fileName } from "./file-name.ts";
import { fromShares } from "./hotspot-place.ts";
import type { ViewerCommand } from "./key-commands.ts";
import { LENGTH_UNIT_NAMES, naturalUnit } from "./length-format.ts";
import { chooseUnit, chosenUnit } from "./length-unit.ts";
import type { LoadedModel } from "./load-model.ts";
import { nextOptions } from "./next-options.ts";
import { NotesPanel } from "./notes-panel.tsx";
import { readLabels } from "./paint-labels.ts";
import { PortalHost } from "./portal-host.ts";
import type { OrbitHandle } from "./scene/orbit.tsx";
import { saveBlob, takeScreenshot } from "./screenshot.ts";
import { StageCorner } from "./stage-corner.tsx";
import { useFullTextures } from "./use-full-textures.ts";
import { useFullscreen } from "./use-fullscreen.ts";
import { useModel } from "./use-model.ts";
import { useNotes } from "./use-notes.ts";
import { usePhotoView } from "./use-photo-view.ts";
import { useReducedMotion } from "./use-reduced-motion.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import styles from "./viewer.module.css";
import type { ViewerProps } from "./viewer.tsx";
import type { ViewerError } from "./viewer-error.ts";
import { DEFAULT_OPTIONS, type ViewerOptions } from "./viewer-options.ts";
import { ViewerStage } from "./viewer-stage.tsx";
import { ViewerToolbar } from "./viewer-toolbar.tsx";
import { ViewpointQuestion } from "./viewpoint-question.tsx";

/** The viewer's state: what is loaded, what is switched on, what a key or button does. */
export function ViewerBody(props: ViewerProps) {
  const { url, label, poster, photo, sizeAssumed, link, frame, onError } = props;
  const { t } = useViewerI18n();
  const [element, setElement] = useState<HTMLElement>();
  const root = useRef<HTMLElement>(null);
  const reducedMotion = useReducedMotion();
  const [attempt, setAttempt] = useState(0);
  const state = useModel(props, attempt);
  const [drawingError, setDrawingError] = useState<ViewerError | null>(null);
  const [options, setOptions] = useState<ViewerOptions>({ ...DEFAULT_OPTIONS, ...props.options });
  const [help, setHelp] = useState(false);
  const [nudged, setNudged] = useState(false);
  const fullscreen = useFullscreen(root);
  const orbit = useRef<OrbitHandle>(null);
  const drawing = useRef<RootState>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<LoadedModel | null>(null);
  const model = state.status === "ready" ? state.model : null;
  const box = model?.box ?? null;
  const unit = useStore(chosenUnit) ?? props.unit ?? naturalUnit(box ? Math.max(...boxSize(box)) : 1);
  const notes = useNotes(props.hotspots ?? [], props.onSaveHotspots);
  useFullTextures(drawn === model ? model : null, url, fullscreen.active, () =>
    drawing.current?.invalidate(),
  );
  const photoView = usePhotoView(photo, options.photo === "slider", box, stage, nudged);

  const change = useCallback(
    (part: Partial<ViewerOptions>) => setOptions((old) => ({ ...old, ...part })),
    [],
  );
  const retry = useCallback(() => {
    setDrawingError(null);
    setAttempt((count) => count + 1);
  }, []);
  const error = drawingError ?? (state.status === "failed" ? state.error : null);

  const report = useRef(onError);
  report.current = onError;
  useEffect(() => {
    if (error) report.current?.(error);
  }, [error]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each view of the photo begins where it was saved
  useEffect(() => setNudged(false), [photoView]);

  async function screenshot() {
    if (!drawing.current || !stage.current || error) return;
    const { background, pictureTransparent, picture } = options;
    const { backgroundColor } = getComputedStyle(stage.current);
    const blob = await takeScreenshot(drawing.current, {
      size: picture,
      background: pictureTransparent || background === "transparent" ? null : backgroundColor,
      labels: readLabels(stage.current),
    });
    saveBlob(blob, fileName(label, "", "png"));
  }

  function run(command: ViewerCommand) {
    const part = nextOptions(options, command);
    if (part) return change(part);
    if (command.type === "view") orbit.current?.view(command.view);
    else if (command.type === "rotate") orbit.current?.rotate(command.x, command.y);
    else if (command.type === "pan") orbit.current?.pan(command.x, command.y);
    else if (command.type === "zoom") orbit.current?.zoom(command.steps);
    else if (command.type === "screenshot") void screenshot();
    else if (command.type === "unit")
      chooseUnit(LENGTH_UNIT_NAMES[(LENGTH_UNIT_NAMES.indexOf(unit) + 1) % LENGTH_UNIT_NAMES.length]);
    else if (command.type === "toggle" && command.what === "help") setHelp((open) => !open);
    else if (command.type === "toggle" && command.what === "fullscreen") void fullscreen.toggle();
  }

  function showNote(id: string) {
    const note = notes.shown.find((one) => one.id === id);
    notes.select(id);
    if (!note || !box) return;
    change({ rotation: false });
    orbit.current?.focus(fromShares(box, note.position), note.normal);
  }

  return (
    <PortalHost value={fullscreen.active ? element : undefined}>
      <section
        ref={(node) => {
          root.current = node;
          setElement(node ?? undefined);
        }}
        className={styles.viewer}
        data-covering={fullscreen.fixed || undefined}
        aria-label={t("viewer.label", { name: label })}
      >
        <div className={styles.panes}>
          <ViewerStage
            key={attempt}
            {...{ url, label, poster, photo, photoView, unit, state, error, options, reducedMotion }}
            {...{ sizeAssumed, notes, link, frame, stage, orbit, run }}
            onRetry={retry}
            onReady={() => {
              setDrawn(model);
              props.onReady?.();
            }}
            onDrawingError={setDrawingError}
            onCreated={(created) => {
              drawing.current = created;
            }}
            onInteract={() => {
              if (options.rotation) change({ rotation: false });
              if (photoView) setNudged(true);
            }}
            onSelectNote={(id) => {
              notes.select(id);
              change({ notes: true });
            }}
          >
            <StageCorner fullscreen={fullscreen.active} run={run} help={help} onHelp={setHelp} />
            {box && photoView && nudged && (
              <ViewpointQuestion
                {...{ box, photoView, orbit }}
                onSave={props.onSaveViewpoint}
                onBack={() => {
                  orbit.current?.view("front");
                  setNudged(false);
                }}
              />
            )}
          </ViewerStage>
          {photo && options.photo === "beside" && (
            <img className={styles.photo} src={photo.url} alt={photo.alt} />
          )}
          {options.notes && !error && (
            <NotesPanel
              notes={notes}
              onAdd={() => {
                notes.startPlacing();
                stage.current?.querySelector<HTMLElement>("[role=application]")?.focus();
              }}
              onShow={showNote}
              onClose={() => change({ notes: false })}
            />
          )}
        </div>
        {!error && (!props.compact || fullscreen.active) && (
          <ViewerToolbar
            {...{ options, unit, run }}
            onChange={change}
            hasPhoto={Boolean(photo)}
            notesCount={notes.canEdit || notes.shown.length > 0 ? notes.shown.length : null}
          />
        )}
      </section>
    </PortalHost>
  );
}
