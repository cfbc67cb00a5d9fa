import type { Background } from "./backgrounds.ts";
import type { LightPresetName } from "./light-presets.ts";

/** What the visitor can switch while looking. */
export type ViewerOptions = {
  light: LightPresetName;
  background: Background;
  rotation: boolean;
  grid: boolean;
  dimensions: boolean;
  wireframe: boolean;
  photo: boolean;
};

export const DEFAULT_OPTIONS: ViewerOptions = {
  light: "studio",
  background: "theme",
  rotation: false,
  grid: true,
  dimensions: false,
  wireframe: false,
  photo: false,
};

export type ChangeOptions = (change: Partial<ViewerOptions>) => void;
