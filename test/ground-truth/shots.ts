/** How one product photo of the ground truth is taken. Angles in degrees. */
export interface Shot {
  name: string;
  /** The model that is photographed. */
  model: string;
  background: "plain" | "textured" | "busy" | "transparent";
  /** Of the floor and the wall. */
  colour: string;
  /** Turn of the object, and how far the camera looks down on it. */
  turn: number;
  elevation: number;
  /** Where the key light comes from, and how hard it is (0 to 1). */
  light: { azimuth: number; hardness: number };
  /** Share of the picture's height (or width) that the object fills. */
  fill: number;
}

const shot = (
  name: string,
  model: string,
  background: Shot["background"],
  colour: string,
  turn: number,
  elevation: number,
  azimuth: number,
  hardness: number,
  fill = 0.68,
): Shot => ({ name, model, background, colour, turn, elevation, light: { azimuth, hardness }, fill });

/** Every photo of the ground truth: seventeen objects on four kinds of background. */
export const SHOTS: readonly Shot[] = [
  shot("sofa", "sofa", "plain", "#d9d9d6", 0, 8, -40, 0.6, 0.78),
  shot("chair", "chair", "plain", "#e8e6e1", 28, 12, 35, 0.7, 0.78),
  shot("table", "table", "plain", "#cfd6d8", 22, 12, -30, 0.5, 0.78),
  shot("shoe", "shoe", "plain", "#ffffff", 0, 7, 30, 0.4, 0.76),
  shot("cup", "cup", "plain", "#ffffff", 0, 11, -45, 0.5, 0.66),
  shot("plant", "plant", "plain", "#e3ded4", 0, 6, 40, 0.5, 0.82),
  shot("dog", "dog", "textured", "#7d8a6a", 0, 8, 40, 0.6, 0.74),
  shot("bear", "bear", "plain", "#8fb4c9", 8, 8, -35, 0.6, 0.78),
  shot("car", "car", "textured", "#c9a77c", 24, 14, 30, 0.8, 0.74),
  shot("box", "box", "textured", "#8d9196", 32, 18, -45, 0.8, 0.66),
  shot("bottle", "bottle", "plain", "#3a3f47", 0, 4, -50, 0.6, 0.82),
  shot("lamp", "lamp", "plain", "#a9b7a5", 0, 3, 35, 0.5, 0.8),
  shot("vase", "vase", "textured", "#d8cdb8", 0, 6, 45, 0.7, 0.76),
  shot("stool", "stool", "textured", "#a88d6b", 12, 14, -40, 0.7, 0.78),
  shot("mug-busy", "mug", "busy", "#9a744c", 0, 9, 40, 0.7, 0.64),
  shot("bear-busy", "bear", "busy", "#86603e", -8, 8, -40, 0.7, 0.7),
  shot("shoe-busy", "shoe", "busy", "#b59a78", 0, 8, 35, 0.7, 0.7),
  shot("teapot-alpha", "teapot", "transparent", "#ffffff", 0, 9, 35, 0.6, 0.86),
];
