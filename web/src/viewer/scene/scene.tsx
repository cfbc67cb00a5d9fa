import { useFrame, useThree } from "@react-three/fiber";
import { type Ref, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Hotspot } from "../../../../server/contract/viewing.ts";
import type { Vec3 } from "../box.ts";
import type { CameraPose } from "../camera-fit.ts";
import { type CameraLink, framed } from "../camera-link.ts";
import { LIGHT_PRESETS } from "../light-presets.ts";
import type { LoadedModel } from "../load-model.ts";
import { withFigure } from "../scale-figure.ts";
import type { LabelName } from "../size-labels.tsx";
import type { ViewerOptions } from "../viewer-options.ts";
import { ContactShadow } from "./contact-shadow.tsx";
import { Dimensions } from "./dimensions.tsx";
import { Environment } from "./environment.tsx";
import { Figure } from "./figure.tsx";
import { Floor } from "./floor.tsx";
import { Lights } from "./lights.tsx";
import { Markers } from "./markers.tsx";
import { ModelObject } from "./model-object.tsx";
import { Orbit, type OrbitHandle } from "./orbit.tsx";
import { type PickHandle, Picking, type SurfaceHit } from "./picking.tsx";

export type SceneProps = {
  model: LoadedModel;
  options: ViewerOptions;
  rotating: boolean;
  reducedMotion: boolean;
  ink: string;
  /** Grows when the graphics card lost its memory: what was computed on it has to be computed again. */
  generation: number;
  photoPose: CameraPose | null;
  link?: CameraLink;
  /** Least extent in metres that the camera frames. */
  frame?: Vec3;
  hotspots: readonly Hotspot[];
  labels: RefObject<Partial<Record<LabelName, HTMLElement | null>>>;
  markers: RefObject<Map<string, HTMLElement>>;
  orbit: Ref<OrbitHandle>;
  pick: Ref<PickHandle>;
  onTap: (hit: SurfaceHit | null) => void;
  onDoubleTap: (hit: SurfaceHit | null) => void;
  onInteract: () => void;
  onFirstFrame: () => void;
};

/**
 * All that is drawn. It gets everything by props, because page contexts don't reach into fiber's root. The orbit moves
 * the camera before the others look where things are seen.
 */
export function Scene({ model, options, ink, generation, photoPose, labels, ...rest }: SceneProps) {
  const { object, box } = model;
  const { figure, person } = options;
  const [drawn, setDrawn] = useState(false);
  const [environmentReady, setEnvironmentReady] = useState(false);
  const { onFirstFrame, frame } = rest;
  const firstFrame = useCallback(() => {
    setDrawn(true);
    onFirstFrame();
  }, [onFirstFrame]);
  const markReady = useCallback(() => setEnvironmentReady(true), []);
  const comparing = photoPose !== null;
  const stood = comparing ? "none" : figure;
  const seen = useMemo(() => framed(withFigure(box, stood, person), frame), [box, stood, person, frame]);
  const preset = LIGHT_PRESETS[options.light];

  return (
    <>
      <Orbit
        box={seen}
        photoPose={photoPose}
        link={rest.link}
        autoRotate={rest.rotating}
        reducedMotion={rest.reducedMotion}
        onInteract={rest.onInteract}
        handle={rest.orbit}
      />
      <Lights preset={options.light} stops={options.exposure} box={box} environmentReady={environmentReady} />
      {drawn && <Environment key={generation} intensity={preset.environment} onReady={markReady} />}
      {drawn && options.shadow && !comparing && (
        <ContactShadow key={`shadow-${generation}`} object={object} box={box} strength={preset.shadow} />
      )}
      <ModelObject object={object} shading={options.shading} wireColor={ink} />
      {options.grid && !comparing && <Floor box={box} color={ink} />}
      {options.dimensions && <Dimensions box={box} color={ink} labels={labels} />}
      {stood !== "none" && (
        <Figure figure={stood} personMetres={person} box={box} color={ink} labels={labels} />
      )}
      {rest.hotspots.length > 0 && (
        <Markers object={object} box={box} hotspots={rest.hotspots} elements={rest.markers} />
      )}
      <Picking object={object} handle={rest.pick} onTap={rest.onTap} onDoubleTap={rest.onDoubleTap} />
      <FirstFrame onDrawn={firstFrame} />
    </>
  );
}

/**
 * Draws at once what has just come to be, after the effects of all before it. Frame callbacks run before drawing, so the
 * next animation frame is the first one after it.
 */
function FirstFrame({ onDrawn }: { onDrawn: () => void }) {
  const advance = useThree((state) => state.advance);
  const request = useRef(0);
  useFrame(() => {
    request.current ||= requestAnimationFrame(onDrawn);
  });
  useEffect(() => {
    advance(performance.now());
    return () => cancelAnimationFrame(request.current);
  }, [advance]);
  return null;
}
