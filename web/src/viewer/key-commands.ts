import type { ViewName } from "./camera-fit.ts";

/** What the keyboard can ask of the viewer. Angles are steps, not radians. */
export type ViewerCommand =
  | { type: "rotate"; x: number; y: number }
  | { type: "pan"; x: number; y: number }
  | { type: "zoom"; steps: number }
  | { type: "view"; view: ViewName }
  | { type: "toggle"; what: "rotation" | "grid" | "dimensions" | "wireframe" | "fullscreen" | "help" }
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
  KeyW: { type: "toggle", what: "wireframe" },
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
