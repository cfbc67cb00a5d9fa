import type { Vec3 } from "./box.ts";

export type DirectionalSpec = { color: string; intensity: number; from: Vec3 };

/** One way to light a model. `environment` multiplies the room's reflections, which arrive after the first frame. */
export type LightPreset = {
  environment: number;
  exposure: number;
  sky: string;
  ground: string;
  fill: number;
  /** How dark the floor is where the model touches it, 0 to 1. */
  shadow: number;
  lights: readonly DirectionalSpec[];
};

/** All light is computed here; nothing is fetched. */
export const LIGHT_PRESETS = {
  studio: {
    environment: 0.42,
    exposure: 1,
    sky: "#ffffff",
    ground: "#d9d4cc",
    fill: 0.35,
    shadow: 0.55,
    lights: [
      { color: "#fff6ea", intensity: 0.9, from: [2, 4, 3] },
      { color: "#e6efff", intensity: 0.3, from: [-3, 2, 1] },
    ],
  },
  soft: {
    environment: 0.6,
    exposure: 1,
    sky: "#ffffff",
    ground: "#f2f0ec",
    fill: 0.6,
    shadow: 0.42,
    lights: [{ color: "#ffffff", intensity: 0.3, from: [0, 5, 2] }],
  },
  contrast: {
    environment: 0.12,
    exposure: 1.05,
    sky: "#ffffff",
    ground: "#4a4540",
    fill: 0.15,
    shadow: 0.75,
    lights: [
      { color: "#fff1dc", intensity: 2.6, from: [4, 3, 2] },
      { color: "#ffffff", intensity: 1.1, from: [-2, 2, -4] },
    ],
  },
  night: {
    environment: 0.08,
    exposure: 0.95,
    sky: "#8fa8ff",
    ground: "#1b2038",
    fill: 0.5,
    shadow: 0.8,
    lights: [
      { color: "#9db4ff", intensity: 1.6, from: [-3, 4, 1] },
      { color: "#ffb066", intensity: 1.1, from: [3, 0.8, -2] },
    ],
  },
} as const satisfies Record<string, LightPreset>;

export type LightPresetName = keyof typeof LIGHT_PRESETS;
export const LIGHT_PRESET_NAMES = Object.keys(LIGHT_PRESETS) as LightPresetName[];

/** How much brighter the plain sky must be until the environment is there. */
export const PLAIN_FILL_FACTOR = 2.2;
