import { boxBlur } from "../image/blur.ts";
import { toLab } from "../image/lab.ts";
import { createMask, createPlane, type Mask, type Picture, planeOf } from "../image/picture.ts";
import { holeTolerance, isPlain, toleranceOf } from "./background.ts";
import { cleanMask } from "./clean-mask.ts";
import { removeContactShadow } from "./contact-shadow.ts";
import { dropFloorLines } from "./floor-lines.ts";
import { cutWith, SURE_BACKGROUND, SURE_OBJECT, UNKNOWN } from "./grab-cut.ts";
import { featuresOf, type Segmentation } from "./segment.ts";

/** Half the width of the band that is cut again, in pixels of the coarse mask. */
const BAND = 1.6;
/** How much likelier, as a cost, a pixel deep inside must be background to be asked again. */
const GAP_EVIDENCE = 3;

/** Cuts a band around the coarse outline again at the picture's own resolution, with the same colour models. */
export function refineMask(segmentation: Segmentation, picture: Picture): Mask {
  const { width, height } = picture;
  const { mask: coarse, prior: coarsePrior, models, background, pale } = segmentation;
  const enlarged = createMask(width, height);
  const prior = createPlane(width, height);
  const where = createMask(width, height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * coarse.height) / height) * coarse.width;
    for (let x = 0; x < width; x++) {
      const from = row + Math.floor((x * coarse.width) / width);
      enlarged.values[y * width + x] = coarse.values[from];
      prior.values[y * width + x] = coarsePrior.values[from];
      where.values[y * width + x] = pale ? pale.where.values[from] : 0;
    }
  }
  if (models === null) return enlarged;
  const near = boxBlur(planeOf(enlarged), Math.ceil((BAND * width) / coarse.width)).values;
  const known = Uint8Array.from(near, (share) =>
    share > 0.999 ? SURE_OBJECT : share < 0.001 ? SURE_BACKGROUND : UNKNOWN,
  );
  const plain = isPlain(background);
  const tolerance = plain ? toleranceOf(background) : 0;
  const { features, residual, painted } = featuresOf(picture, background);
  for (let i = 0; i < known.length; i++) {
    // Narrow gaps between thin parts are lost in the coarse mask.
    if (known[i] !== SURE_OBJECT || residual[i] > tolerance || where.values[i]) continue;
    const [a, b, c] = features.subarray(i * 3, i * 3 + 3);
    if (models.object.cost(a, b, c) > models.background.cost(a, b, c) + GAP_EVIDENCE) known[i] = UNKNOWN;
  }
  const smoothness = plain ? 6 : 14;
  const special = pale && { models: pale.models, where };
  const mask = cutWith(models, {
    width,
    height,
    features,
    known,
    prior,
    priorWeight: 1,
    smoothness,
    special,
  });
  if (plain) removeContactShadow(mask, features, painted, pale ? where : null);
  if (plain) dropFloorLines(mask, toLab(picture.rgb), painted, residual);
  cleanMask(mask, residual, holeTolerance(background, pale?.isLarge));
  return mask;
}
