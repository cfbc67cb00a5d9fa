import { outputType, type PixelSize, scaledSize } from "./photo-size.ts";

const PICTURE_NAME = /\.(jpe?g|png|webp|gif|avif|hei[cf])$/i;
const QUALITY = 0.92;

/** Whether a file is offered as a picture. HEIC often comes without a type; what it really is, the server decides. */
export function looksLikePicture(file: File): boolean {
  return file.type.startsWith("image/") ? file.type !== "image/svg+xml" : PICTURE_NAME.test(file.name);
}

/** A file's name without its ending, as the first proposal for the model's name. */
export function nameFromFile(fileName: string): string {
  return fileName
    .replace(/\.[^.]+$/, "")
    .replace(/[_\s]+/g, " ")
    .trim()
    .slice(0, 200);
}

/** The photo's size as it is seen (turned as its EXIF says); null where this browser cannot decode it. */
export async function readPhotoSize(url: string): Promise<PixelSize | null> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return null;
  }
}

function toBlob(canvas: HTMLCanvasElement, type: string): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
}

/**
 * The photo with at most `longestSide` pixels on its longer side; the file itself where it is small enough already,
 * or where the browser cannot scale it (the server then takes it as it is).
 */
export async function scalePhoto(file: File, longestSide?: number): Promise<Blob> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return file;
  }
  try {
    const target = scaledSize(bitmap, longestSide);
    if (!target) return file;
    const canvas = Object.assign(document.createElement("canvas"), target);
    const context = canvas.getContext("2d");
    if (!context) return file;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, target.width, target.height);
    return (await toBlob(canvas, outputType(file.type))) ?? file;
  } finally {
    bitmap.close();
  }
}
