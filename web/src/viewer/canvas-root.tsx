import { createRoot, extend, type ReconcilerRoot, type RootState } from "@react-three/fiber";
import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import {
  AmbientLight,
  BufferGeometry,
  DirectionalLight,
  Group,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
  NeutralToneMapping,
  type WebGLRenderer,
} from "three";
import { FIELD_OF_VIEW_DEGREES } from "./camera-fit.ts";
import { takeRenderer } from "./renderer.ts";
import { quietThree } from "./three-messages.ts";
import { ViewerError } from "./viewer-error.ts";

quietThree();
extend({
  AmbientLight,
  BufferGeometry,
  DirectionalLight,
  Group,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
});

type CanvasRootProps = {
  children: ReactNode;
  onError: (error: ViewerError) => void;
  onCreated?: (state: RootState) => void;
  /** The graphics card took its memory back, or gave it again. */
  onContext: (lost: boolean) => void;
};

const MAX_PIXEL_RATIO = 2;

/**
 * A fiber root in a canvas of its own. The canvas lives exactly as long as the root, because a root's end
 * takes the canvas's WebGL context with it. Frames are drawn on demand only.
 */
export function CanvasRoot({ children, onError, onCreated, onContext }: CanvasRootProps) {
  const host = useRef<HTMLDivElement>(null);
  const root = useRef<ReconcilerRoot<HTMLCanvasElement>>(null);
  const latest = useRef({ children, onError, onCreated, onContext });
  latest.current = { children, onError, onCreated, onContext };

  useLayoutEffect(() => {
    const element = host.current!;
    let ended = false;
    const fail = (cause: unknown) => !ended && latest.current.onError(new ViewerError("no-webgl", { cause }));
    let renderer: WebGLRenderer;
    try {
      renderer = takeRenderer();
    } catch (cause) {
      return void fail(cause);
    }
    const canvas = renderer.domElement;
    canvas.style.display = "block";
    element.append(canvas);
    const current = createRoot(canvas);
    const lost = (event: Event) => {
      event.preventDefault();
      if (!ended) latest.current.onContext(true);
    };
    // The renderer listens too: it has to be ready again before anything is drawn.
    const restored = () => requestAnimationFrame(() => !ended && latest.current.onContext(false));
    canvas.addEventListener("webglcontextlost", lost);
    canvas.addEventListener("webglcontextrestored", restored);

    let last = { width: 0, height: 0 };
    let isUsed = false;
    const resize = () => {
      const { width, height } = element.getBoundingClientRect();
      if (width < 1 || height < 1 || (width === last.width && height === last.height)) return;
      last = { width, height };
      isUsed = true;
      current
        .configure({
          size: { width, height, top: 0, left: 0 },
          dpr: [1, MAX_PIXEL_RATIO],
          frameloop: "demand",
          flat: true,
          // From a function, so that the root disposes of it.
          gl: () => renderer,
          camera: { fov: FIELD_OF_VIEW_DEGREES, near: 0.01, far: 100, position: [1, 0.6, 2] },
          onCreated: (state) => {
            state.gl.toneMapping = NeutralToneMapping;
            latest.current.onCreated?.(state);
          },
        })
        .then(() => {
          if (ended) return;
          root.current = current;
          current.render(latest.current.children);
        }, fail);
    };
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(element);

    return () => {
      ended = true;
      observer.disconnect();
      canvas.removeEventListener("webglcontextlost", lost);
      canvas.removeEventListener("webglcontextrestored", restored);
      root.current = null;
      if (isUsed) current.unmount();
      else {
        renderer.dispose();
        renderer.forceContextLoss();
      }
      canvas.remove();
    };
  }, []);

  useEffect(() => {
    root.current?.render(children);
  }, [children]);

  return <div ref={host} style={{ position: "absolute", inset: 0, overflow: "hidden" }} />;
}
