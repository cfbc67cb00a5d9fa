import { signedDistance } from "./distance-transform.ts";
import { createMask, type Mask } from "./picture.ts";

/** Opening by a disc of the radius (pixels): what is thinner disappears, the rest keeps its outline. */
export function open(mask: Mask, radius: number): Mask {
  const inner = createMask(mask.width, mask.height);
  const toOutline = signedDistance(mask).values;
  for (let i = 0; i < toOutline.length; i++) inner.values[i] = toOutline[i] > radius ? 1 : 0;
  const opened = createMask(mask.width, mask.height);
  if (!inner.values.includes(1)) return opened;
  const toInner = signedDistance(inner).values;
  for (let i = 0; i < toInner.length; i++) {
    opened.values[i] = mask.values[i] && toInner[i] > -(radius + 1.5) ? 1 : 0;
  }
  return opened;
}
