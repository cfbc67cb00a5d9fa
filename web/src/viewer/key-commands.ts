import type { ViewName } from "./camera-fit.ts";
import type { Figure } from "./scale-figure.ts";
import type { Shading } from "./shading.ts";
import type { PhotoMode } from "./viewer-options.ts";

/** What can be switched on and off. */
export type Toggle = "rotation" | "grid" | "dimensions" | "shadow" | "notes" | "fullscreen" | "help";

/** What keyboard and buttons can ask of the viewer. Angles are steps, not radians; a second time switches back. */
export type ViewerCommand =
  | { type: "rotate"; x: number; y: number }
  | { type: "pan"; x: number; y: number }
  | { type: "zoom"; steps: number }
  | { type: "view"; view: ViewName }
  | { type: "toggle"; what: Toggle }
  | { type: "shading"; shading: Shading }
  | { type: "figure"; figure: Figure }
  | { type: "photo"; photo: PhotoMode }
  | { type: "exposure"; steps: number }
  | { type: "light" }
  | { type: "unit" }
  | { type: "screenshot" };

export type KeyPress = { key: string; code?: string; shiftKey: boolean; modified: boolean };

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const BY_KEY: Record<string, ViewerCommand> = {
  "+": { type: "zoom", steps: 1 },
  "=": { type: "zoom", steps: 1 },
  "-": { type: "zoom", steps: -1 },
  _: { type: "zoom", steps: -1 },
  "1": { type: "view", view: "front" },
  "2": { type: "view", view: "side" },
  "3": { type: "view", view: "top" },
  "0": { type: "view", view: "home" },
  Home: { type: "view", view: "home" },
  "?": { type: "toggle", what: "help" },
};

/** By the key's place, so that the letters work on a Russian keyboard too. */
const BY_CODE: Record<string, ViewerCommand> = {
  KeyF: { type: "view", view: "home" },
  KeyR: { type: "toggle", what: "rotation" },
  KeyG: { type: "toggle", what: "grid" },
  KeyM: { type: "toggle", what: "dimensions" },
  KeyO: { type: "toggle", what: "shadow" },
  KeyT: { type: "toggle", what: "notes" },
  KeyU: { type: "unit" },
  KeyC: { type: "shading", shading: "clay" },
  KeyN: { type: "shading", shading: "normals" },
  KeyW: { type: "shading", shading: "wireframe" },
  KeyH: { type: "figure", figure: "person" },
  KeyD: { type: "figure", figure: "door" },
  KeyP: { type: "photo", photo: "slider" },
  KeyB: { type: "photo", photo: "beside" },
  KeyL: { type: "light" },
  BracketLeft: { type: "exposure", steps: -1 },
  BracketRight: { type: "exposure", steps: 1 },
  KeyS: { type: "screenshot" },
  Enter: { type: "toggle", what: "fullscreen" },
};

/** The command of a key press, or null where the key belongs to the browser. */
export function keyCommand({ key, code, shiftKey, modified }: KeyPress): ViewerCommand | null {
  if (modified) return null;
  const arrow = ARROWS[key];
  if (arrow) return { type: shiftKey ? "pan" : "rotate", x: arrow[0], y: arrow[1] };
  return BY_KEY[key] ?? BY_CODE[code ?? ""] ?? null;
}
