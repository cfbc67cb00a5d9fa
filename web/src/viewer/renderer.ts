import { WebGLRenderer } from "three";

let spare: WebGLRenderer | null = null;

const createRenderer = () =>
  new WebGLRenderer({ antialias: true, alpha: true, powerPreference: "high-performance" });

/** Makes a renderer before there is a viewer to need it. Throws where there is no WebGL 2. */
export function prepareRenderer(): WebGLRenderer {
  spare ??= createRenderer();
  return spare;
}

/** The prepared renderer, once, or another one. Throws where there is no WebGL 2. */
export function takeRenderer(): WebGLRenderer {
  const taken = spare ?? createRenderer();
  spare = null;
  return taken;
}
