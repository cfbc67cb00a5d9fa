import { boxyParts } from "./boxy-parts.ts";
import { chairParts } from "./chair-parts.ts";
import { inflate } from "./inflation.ts";
import { parcelParts } from "./parcel-parts.ts";
import { classifyShape, type ShapeClass } from "./shape-class.ts";
import type { Silhouette } from "./silhouette.ts";
import { type Part, reachOf, type Solid } from "./solid.ts";
import { findTurnedCore, protrusions, revolve } from "./turned-core.ts";

/** Half thickness of a rounded body is at most this share of its shorter side. */
const MAX_HALF_THICKNESS = 0.42;
/** Cut off at the bottom, as a share of the height, so that the model stands. */
const FLAT_BASE = 0.012;

/** How the depth was guessed. */
export type GuessedShape = ShapeClass | "chair" | "box";

/** The solid over a silhouette: what is behind the picture is guessed from the outline. */
export function objectSolid(silhouette: Silhouette): { solid: Solid; shape: GuessedShape } {
  const { width, height, bounds } = silhouette;
  const core = findTurnedCore(silhouette);
  const guess = classifyShape(silhouette, core);
  const shorter = Math.min(bounds.right - bounds.left, bounds.bottom - bounds.top);
  const makers: Record<ShapeClass, () => Part[]> = {
    turned: () => [revolve(silhouette, core), ...protrusions(silhouette, core)],
    boxy: () => boxyParts(silhouette),
    rounded: () => [
      { squaredThickness: inflate(silhouette.distance, MAX_HALF_THICKNESS * shorter), centre: null },
    ],
  };
  const chair = guess === "turned" ? null : chairParts(silhouette);
  const parcel = guess === "turned" || chair !== null ? null : parcelParts(silhouette);
  const shape = chair !== null ? "chair" : parcel !== null ? "box" : guess;
  const parts = chair ?? parcel ?? makers[guess]();
  const floor = bounds.bottom - 0.5 - FLAT_BASE * (bounds.bottom - bounds.top);
  return { solid: { width, height, parts, floor, reach: reachOf(parts) }, shape };
}
