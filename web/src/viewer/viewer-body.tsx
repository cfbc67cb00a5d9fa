import type { RootState } from "@react-three/fiber";
import { useCallback, useEffect, useRef, useState } from "react";
import { fileName } from "./file-name.ts";
import type { ViewerCommand } from "./key-commands.ts";
import { PortalHost } from "./portal-host.ts";
import type { OrbitHandle } from "./scene/orbit.tsx";
import { saveBlob, takeScreenshot } from "./screenshot.ts";
import { useFullscreen } from "./use-fullscreen.ts";
import { useModel } from "./use-model.ts";
import { useReducedMotion } from "./use-reduced-motion.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import styles from "./viewer.module.css";
import type { ViewerProps } from "./viewer.tsx";
import type { ViewerError } from "./viewer-error.ts";
import { DEFAULT_OPTIONS, type ViewerOptions } from "./viewer-options.ts";
import { ViewerStage } from "./viewer-stage.tsx";
import { ViewerToolbar } from "./viewer-toolbar.tsx";

/** The viewer's state: what is loaded, what is switched on, what a key or button does. */
export function ViewerBody({
  url,
  bytes,
  label,
  poster,
  photo,
  unit,
  options: given,
  onReady,
  onError,
}: ViewerProps) {
  const { t } = useViewerI18n();
  const [element, setElement] = useState<HTMLElement>();
  const root = useRef<HTMLElement>(null);
  const reducedMotion = useReducedMotion();
  const [attempt, setAttempt] = useState(0);
  const state = useModel(url, bytes, attempt);
  const [drawingError, setDrawingError] = useState<ViewerError | null>(null);
  const [options, setOptions] = useState<ViewerOptions>({ ...DEFAULT_OPTIONS, ...given });
  const [help, setHelp] = useState(false);
  const fullscreen = useFullscreen(root);
  const orbit = useRef<OrbitHandle>(null);
  const drawing = useRef<RootState>(null);
  const stage = useRef<HTMLDivElement>(null);

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

  async function screenshot() {
    if (!drawing.current || !stage.current || error) return;
    const { backgroundColor } = getComputedStyle(stage.current);
    const background = options.background === "transparent" ? null : backgroundColor;
    saveBlob(await takeScreenshot(drawing.current, background), fileName(label, "", "png"));
  }

  function toggle(what: (ViewerCommand & { type: "toggle" })["what"]) {
    if (what === "fullscreen") return void fullscreen.toggle();
    if (what === "help") return setHelp((open) => !open);
    setOptions((old) => ({ ...old, [what]: !old[what] }));
  }

  function run(command: ViewerCommand) {
    if (command.type === "view") orbit.current?.view(command.view);
    else if (command.type === "rotate") orbit.current?.rotate(command.x, command.y);
    else if (command.type === "pan") orbit.current?.pan(command.x, command.y);
    else if (command.type === "zoom") orbit.current?.zoom(command.steps);
    else if (command.type === "screenshot") void screenshot();
    else toggle(command.what);
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
        <div className={styles.panes} data-photo={(photo && options.photo) || undefined}>
          <ViewerStage
            key={attempt}
            {...{
              url,
              label,
              poster,
              unit,
              state,
              error,
              options,
              reducedMotion,
              stage,
              orbit,
              run,
              onReady,
            }}
            onRetry={retry}
            onDrawingError={setDrawingError}
            onCreated={(created) => {
              drawing.current = created;
            }}
            onInteract={() => change({ rotation: false })}
          />
          {photo && options.photo && <img className={styles.photo} src={photo.url} alt={photo.alt} />}
        </div>
        {!error && (
          <ViewerToolbar
            options={options}
            onChange={change}
            run={run}
            fullscreen={fullscreen.active}
            hasPhoto={Boolean(photo)}
            help={help}
            onHelp={setHelp}
          />
        )}
      </section>
    </PortalHost>
  );
}
