import { useThree } from "@react-three/fiber";
import { useEffect } from "react";
import { type Box, boxRadius } from "../box.ts";
import {
  LIGHT_PRESETS,
  type LightPreset,
  type LightPresetName,
  PLAIN_FILL_FACTOR,
} from "../light-presets.ts";

type LightsProps = { preset: LightPresetName; stops: number; box: Box; environmentReady: boolean };

/** The lamps of a preset, `stops` brighter; brighter sky light stands in until the reflections are computed. */
export function Lights({ preset, stops, box, environmentReady }: LightsProps) {
  const { exposure, sky, ground, fill, environment, lights }: LightPreset = LIGHT_PRESETS[preset];
  const gl = useThree((state) => state.gl);
  const invalidate = useThree((state) => state.invalidate);
  const radius = boxRadius(box);

  useEffect(() => {
    gl.toneMappingExposure = exposure * 2 ** stops;
    invalidate();
  }, [gl, exposure, stops, invalidate]);

  return (
    <>
      <hemisphereLight
        args={[sky, ground, environmentReady ? fill : fill + environment * PLAIN_FILL_FACTOR]}
        key={`${preset}-${environmentReady}`}
      />
      {lights.map(({ color, intensity, from }) => (
        <directionalLight
          key={`${color}-${intensity}`}
          color={color}
          intensity={intensity}
          position={[from[0] * radius, from[1] * radius, from[2] * radius]}
        />
      ))}
    </>
  );
}
