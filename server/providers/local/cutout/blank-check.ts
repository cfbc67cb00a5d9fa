import { boxBlur } from "../image/blur.ts";
import { toLab } from "../image/lab.ts";
import { luminanceOf, type Picture } from "../image/picture.ts";

/** Standard deviation, ΔE, below which a picture shows nothing. */
const MIN_SPREAD = 1.5;
/** Blurring leaves natural pictures most of their contrast and noise almost none. */
const MIN_KEPT_CONTRAST = 0.2;

function deviation(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}

/** Whether the picture is one even colour, or nothing but noise. */
export function isBlank(picture: Picture): boolean {
  const lab = toLab(picture.rgb);
  const spread = [0, 1, 2].map((c) =>
    deviation(Float32Array.from({ length: lab.length / 3 }, (_, i) => lab[i * 3 + c])),
  );
  if (Math.hypot(...spread) < MIN_SPREAD) return true;
  const luminance = luminanceOf(picture);
  const radius = Math.max(2, Math.round(Math.max(picture.width, picture.height) / 64));
  const contrast = deviation(luminance.values);
  return contrast > 0.01 && deviation(boxBlur(luminance, radius).values) / contrast < MIN_KEPT_CONTRAST;
}
