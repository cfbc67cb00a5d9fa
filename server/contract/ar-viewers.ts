import type { ArAdvice } from "./ar.ts";

/** AR viewers that phones bring along. */
export const AR_VIEWERS = ["scene-viewer", "quick-look"] as const;

/** What makes a phone's viewer slow or refuse; other advice is about looks. */
const SIZE_CODES: ReadonlySet<ArAdvice["code"]> = new Set([
  "triangles",
  "vertices",
  "texture-size",
  "file-size",
]);

/** Phone viewers that may refuse a model with this advice, or be slow with it. */
export const refusingViewers = (advice: readonly ArAdvice[]) =>
  AR_VIEWERS.filter((viewer) =>
    advice.some(({ code, viewers }) => SIZE_CODES.has(code) && viewers.includes(viewer)),
  );
