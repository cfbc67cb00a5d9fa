export interface PixelSize {
  width: number;
  height: number;
}

/** More pixels on the longer side make a photo slower to send, not a better model. */
export const LONGEST_SIDE_PX = 2048;

/** The size a photo is scaled to, with the same proportions; null where it is small enough as it is. */
export function scaledSize(size: PixelSize, longestSide = LONGEST_SIDE_PX): PixelSize | null {
  const longer = Math.max(size.width, size.height);
  if (longer <= longestSide) return null;
  const factor = longestSide / longer;
  return {
    width: Math.max(1, Math.round(size.width * factor)),
    height: Math.max(1, Math.round(size.height * factor)),
  };
}

/** The format to write: one that keeps transparency where the photo may have it. */
export function outputType(inputType: string): "image/jpeg" | "image/webp" {
  return inputType === "image/jpeg" ? "image/jpeg" : "image/webp";
}
