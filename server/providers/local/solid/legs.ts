import { labelComponents } from "../image/components.ts";
import { open } from "../image/opening.ts";
import { createMask, createPlane, type PixelRect, type Plane } from "../image/picture.ts";
import type { Silhouette } from "./silhouette.ts";

/** Legs thinner than this share of the object's longer side are told from the body. */
const MAX_LEG_SHARE = 0.035;

export interface LegSplit {
  /** Signed distance of the body alone. */
  body: Plane;
  /** Where the legs begin, cells from the top. */
  bodyBottom: number;
  legs: PixelRect[];
}

/** Thin supports at the very bottom of a silhouette, two to six of them; null when it does not stand on such. */
export function splitLegs(silhouette: Silhouette): LegSplit | null {
  const { width, height, inside, bounds, distance } = silhouette;
  const [spanX, spanY] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const opened = open(inside, Math.max(2, MAX_LEG_SHARE * Math.max(spanX, spanY)));
  const thin = createMask(width, height);
  let bodyBottom = 0;
  for (let i = 0; i < thin.values.length; i++) {
    thin.values[i] = inside.values[i] && !opened.values[i] ? 1 : 0;
    if (inside.values[i] && opened.values[i]) bodyBottom = Math.max(bodyBottom, Math.floor(i / width) + 1);
  }
  const area = inside.values.reduce((sum, value) => sum + value, 0);
  const isLowest = (piece: PixelRect) => {
    for (let y = piece.bottom; y < height; y++) {
      for (let x = piece.left; x < piece.right; x++) if (inside.values[y * width + x]) return false;
    }
    return true;
  };
  const legs = labelComponents(thin).components.filter(
    (piece) =>
      piece.top >= bounds.top + 0.5 * spanY &&
      piece.bottom - piece.top >= 0.04 * spanY &&
      piece.right - piece.left <= 0.16 * spanX &&
      piece.area >= 0.3 * (piece.right - piece.left) * (piece.bottom - piece.top) &&
      isLowest(piece),
  );
  const legArea = legs.reduce((sum, leg) => sum + leg.area, 0);
  if (legs.length < 2 || legs.length > 6 || legArea > 0.3 * area) return null;

  const body = createPlane(width, height);
  body.values.set(distance.values);
  for (const leg of legs) {
    for (let y = leg.top; y < Math.min(height, bounds.bottom + 2); y++) {
      for (let x = Math.max(0, leg.left - 2); x < Math.min(width, leg.right + 2); x++) {
        body.values[y * width + x] = Math.min(body.values[y * width + x], leg.top - y - 0.5);
      }
    }
  }
  return { body, bodyBottom, legs };
}
