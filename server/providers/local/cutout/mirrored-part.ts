import { labelComponents } from "../image/components.ts";
import { createMask, type Mask } from "../image/picture.ts";

/** How far a part and its mirror image must agree (intersection over union). */
const MIN_SYMMETRY = 0.8;
/** Smaller parts, as a share of the whole, are left as they are. */
const MIN_SHARE = 0.15;

/** The best upright mirror axis of a part (twice its column) and how far both halves agree there, 0 to 1. */
function findAxis({ width, values }: Mask, whole: Mask): { doubled: number; agreement: number } {
  const pixels: number[] = [];
  let sum = 0;
  values.forEach((value, i) => {
    if (!value) return;
    pixels.push(i);
    sum += i % width;
  });
  const middle = Math.round((2 * sum) / pixels.length);
  let best = { doubled: middle, agreement: 0 };
  for (let doubled = middle - 16; doubled <= middle + 16; doubled++) {
    let both = 0;
    for (const i of pixels) {
      const x = doubled - (i % width);
      if (x >= 0 && x < width && whole.values[i - (i % width) + x]) both++;
    }
    const agreement = both / (2 * pixels.length - both);
    if (agreement > best.agreement) best = { doubled, agreement };
  }
  return best;
}

/**
 * Completes, in place, parts that are the same left and right but for what could not be told from the background: a
 * pot whose one side is as bright as the wall. `whole` is the object with them.
 */
export function completeMirrored(parts: Mask, whole: Mask): void {
  const { width, height } = parts;
  const area = whole.values.reduce((sum, value) => sum + value, 0);
  const { labels, components } = labelComponents(parts);
  for (const { id, area: size } of components) {
    if (size < MIN_SHARE * area) continue;
    const part = createMask(width, height);
    for (let i = 0; i < labels.length; i++) part.values[i] = labels[i] === id ? 1 : 0;
    const { doubled, agreement } = findAxis(part, whole);
    if (agreement < MIN_SYMMETRY) continue;
    for (let i = 0; i < labels.length; i++) {
      const x = doubled - (i % width);
      if (!part.values[i] || x < 0 || x >= width) continue;
      const mirrored = i - (i % width) + x;
      if (!whole.values[mirrored]) whole.values[mirrored] = parts.values[mirrored] = 1;
    }
  }
}
