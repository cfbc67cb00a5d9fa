import { keepLargePieces, labelComponents } from "../image/components.ts";
import { createMask, type Mask } from "../image/picture.ts";

/** Pieces smaller than this share of the largest are dropped: they would float beside the model. */
const MIN_PIECE_SHARE = 0.25;

/**
 * Drops small pieces and closes holes, in place. A hole stays when most of it looks like background: `residual` is
 * ΔE from the fitted background and `tolerance` what counts as such (zero: no hole does).
 */
export function cleanMask(mask: Mask, residual: Float32Array, tolerance: number): void {
  keepLargePieces(mask, MIN_PIECE_SHARE);
  const area = mask.values.reduce((sum, value) => sum + value, 0);
  const outside = createMask(mask.width, mask.height);
  for (let i = 0; i < mask.values.length; i++) outside.values[i] = mask.values[i] ? 0 : 1;
  const { labels, components } = labelComponents(outside);
  const like = new Int32Array(components.length + 1);
  for (let i = 0; i < labels.length; i++) if (labels[i] && residual[i] < tolerance) like[labels[i]]++;
  const isFilled = components.map(
    ({ id, area: size, touchesBorder }) => !touchesBorder && (size < 0.0004 * area || like[id] < 0.6 * size),
  );
  for (let i = 0; i < labels.length; i++) if (labels[i] && isFilled[labels[i] - 1]) mask.values[i] = 1;
}
