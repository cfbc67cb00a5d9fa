import { labelComponents } from "../image/components.ts";
import { signedDistance } from "../image/distance-transform.ts";
import { createMask, createPlane, type Mask, type PixelRect, type Plane } from "../image/picture.ts";
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

/** Opening by a disc of the radius: what is thinner disappears, the rest keeps its outline. */
function open(mask: Mask, radius: number): Mask {
  const inner = createMask(mask.width, mask.height);
  const toOutline = signedDistance(mask).values;
  for (let i = 0; i < toOutline.length; i++) inner.values[i] = toOutline[i] > radius ? 1 : 0;
  const opened = createMask(mask.width, mask.height);
  if (!inner.values.includes(1)) return opened;
  const toInner = signedDistance(inner).values;
  for (let i = 0; i < toInner.length; i++) opened.values[i] = toInner[i] > -(radius + 1.5) ? 1 : 0;
  return opened;
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
  const legs = labelComponents(thin).components.filter(
    (piece) =>
      piece.bottom >= bounds.bottom - 0.12 * spanY &&
      piece.bottom - piece.top >= 0.04 * spanY &&
      piece.right - piece.left <= 0.16 * spanX &&
      piece.bottom > bodyBottom,
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
