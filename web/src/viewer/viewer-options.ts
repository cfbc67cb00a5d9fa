import type { Background } from "./backgrounds.ts";
import type { LightPresetName } from "./light-presets.ts";
import { type Figure, PERSON_METRES } from "./scale-figure.ts";
import type { PictureSize } from "./screenshot.ts";
import type { Shading } from "./shading.ts";

/** How the photo is shown: not at all, beside the model, or over it behind a slider. */
export const PHOTO_MODES = ["off", "beside", "slider"] as const;
export type PhotoMode = (typeof PHOTO_MODES)[number];

/** How many stops darker or brighter than the preset a visitor can go. */
export const EXPOSURE_STOPS = { least: -2, most: 2, step: 0.25 };

/** What the visitor can switch while looking. */
export type ViewerOptions = {
  light: LightPresetName;
  /** Stops on top of the preset; one more doubles the light. */
  exposure: number;
  background: Background;
  shadow: boolean;
  shading: Shading;
  rotation: boolean;
  grid: boolean;
  dimensions: boolean;
  figure: Figure;
  /** Height of the person, metres. */
  person: number;
  photo: PhotoMode;
  /** Whether the list of notes is open. */
  notes: boolean;
  picture: PictureSize;
  pictureTransparent: boolean;
};

export const DEFAULT_OPTIONS: ViewerOptions = {
  light: "studio",
  exposure: 0,
  background: "theme",
  shadow: true,
  shading: "material",
  rotation: false,
  grid: true,
  dimensions: false,
  figure: "none",
  person: PERSON_METRES.usual,
  photo: "off",
  notes: false,
  picture: "twice",
  pictureTransparent: false,
};

export type ChangeOptions = (change: Partial<ViewerOptions>) => void;
