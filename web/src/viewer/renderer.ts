import { WebGLRenderer } from "three";

let spare: WebGLRenderer | null = null;
let wasTaken = false;

const createRenderer = () =>
  new WebGLRenderer({ antialias: true, alpha: true, powerPreference: "high-performance" });

/** Makes a renderer for the first viewer, before there is one. Throws where there is no WebGL 2. */
export function prepareRenderer(): void {
  if (!wasTaken) spare ??= createRenderer();
}

/** The prepared renderer, once, or another one. Throws where there is no WebGL 2. */
export function takeRenderer(): WebGLRenderer {
  wasTaken = true;
  const taken = spare ?? createRenderer();
  spare = null;
  return taken;
}
