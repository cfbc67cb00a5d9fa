import { useFrame } from "@react-three/fiber";
import { type Ref, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { DimensionName } from "../dimension-lines.ts";
import { LIGHT_PRESETS } from "../light-presets.ts";
import type { LoadedModel } from "../load-model.ts";
import type { ViewerOptions } from "../viewer-options.ts";
import { Dimensions } from "./dimensions.tsx";
import { Environment } from "./environment.tsx";
import { Floor } from "./floor.tsx";
import { Lights } from "./lights.tsx";
import { ModelObject } from "./model-object.tsx";
import { Orbit, type OrbitHandle } from "./orbit.tsx";

export type SceneProps = {
  model: LoadedModel;
  options: ViewerOptions;
  rotating: boolean;
  reducedMotion: boolean;
  ink: string;
  labels: RefObject<Partial<Record<DimensionName, HTMLElement | null>>>;
  orbit: Ref<OrbitHandle>;
  onInteract: () => void;
  onFirstFrame: () => void;
};

/** All that is drawn. It gets everything by props, because page contexts don't reach into fiber's root. */
export function Scene({ model, options, rotating, reducedMotion, ink, labels, ...rest }: SceneProps) {
  const { object, box } = model;
  const [drawn, setDrawn] = useState(false);
  const [environmentReady, setEnvironmentReady] = useState(false);
  const { onFirstFrame } = rest;
  const firstFrame = useCallback(() => {
    setDrawn(true);
    onFirstFrame();
  }, [onFirstFrame]);
  const markReady = useCallback(() => setEnvironmentReady(true), []);

  return (
    <>
      <Lights preset={options.light} box={box} environmentReady={environmentReady} />
      {drawn && <Environment intensity={LIGHT_PRESETS[options.light].environment} onReady={markReady} />}
      <ModelObject object={object} wireframe={options.wireframe} wireColor={ink} />
      {options.grid && <Floor box={box} color={ink} />}
      {options.dimensions && <Dimensions box={box} color={ink} labels={labels} />}
      <Orbit
        box={box}
        autoRotate={rotating}
        reducedMotion={reducedMotion}
        onInteract={rest.onInteract}
        handle={rest.orbit}
      />
      <FirstFrame onDrawn={firstFrame} />
    </>
  );
}

/** Frame callbacks run before drawing, so the next animation frame is the first one after it. */
function FirstFrame({ onDrawn }: { onDrawn: () => void }) {
  const request = useRef(0);
  useFrame(() => {
    request.current ||= requestAnimationFrame(onDrawn);
  });
  useEffect(() => () => cancelAnimationFrame(request.current), []);
  return null;
}
