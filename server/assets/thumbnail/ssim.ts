/**
 * Two pictures' brightness, one number from 0 to 1 a pixel, in rows; `isShown` tells the pixels that count.
 * Structural similarity (Wang, Bovik, Sheikh, Simoncelli: "Image quality assessment: from error visibility to
 * structural similarity", IEEE Transactions on Image Processing 13(4), 2004), with the uniform 8 × 8 window that the
 * authors name beside the Gaussian one.
 * @returns the sum over the windows that hold a shown pixel, and their number
 */
export function compareWindows(
  one: Float32Array,
  other: Float32Array,
  isShown: (pixel: number) => boolean,
  width: number,
): { sum: number; windows: number } {
  const height = one.length / width;
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + WINDOW <= height; top += STEP) {
    for (let left = 0; left + WINDOW <= width; left += STEP) {
      const similarity = windowSimilarity(one, other, isShown, width, top * width + left);
      if (similarity === null) continue;
      sum += similarity;
      windows++;
    }
  }
  return { sum, windows };
}

const WINDOW = 8;
/** Windows overlap by half: a quarter of the work, and the mean hardly differs. */
const STEP = 4;
/** K1 = 0.01 and K2 = 0.03 of the paper, for a range of 1. */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

function windowSimilarity(
  one: Float32Array,
  other: Float32Array,
  isShown: (pixel: number) => boolean,
  width: number,
  start: number,
): number | null {
  let shown = false;
  let [sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0];
  for (let row = 0; row < WINDOW; row++) {
    for (let pixel = start + row * width; pixel < start + row * width + WINDOW; pixel++) {
      shown ||= isShown(pixel);
      const x = one[pixel];
      const y = other[pixel];
      sumX += x;
      sumY += y;
      sumXX += x * x;
      sumYY += y * y;
      sumXY += x * y;
    }
  }
  if (!shown) return null;
  const count = WINDOW * WINDOW;
  const [meanX, meanY] = [sumX / count, sumY / count];
  const varianceX = Math.max(0, sumXX / count - meanX * meanX);
  const varianceY = Math.max(0, sumYY / count - meanY * meanY);
  const covariance = sumXY / count - meanX * meanY;
  return (
    ((2 * meanX * meanY + C1) * (2 * covariance + C2)) /
    ((meanX * meanX + meanY * meanY + C1) * (varianceX + varianceY + C2))
  );
}
