import "./image-loaders.ts";
import { AppError } from "../errors.ts";
import { createWorkerPool } from "./worker-pool.ts";

const TIME_LIMIT_SECONDS = 60;
const MAX_HEAP_MEGABYTES = 512;

/** A photo made anew from its pixels: upright, sRGB, 8 bits, no metadata. Sides are pixels. */
export interface DecodedPhoto {
  path: string;
  /** Lower-case hex. The same picture always gives the same bytes. */
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  /** PNG only where the picture is really transparent somewhere. */
  mediaType: "image/jpeg" | "image/png";
  extension: "jpg" | "png";
}

export interface PhotoDecoder {
  /**
   * Reads a photo by its own bytes (JPEG, PNG, WebP, first frame of a GIF, AVIF, HEIC), whatever its name, and
   * writes it as `photo.jpg` or `photo.png` into `targetFolder`.
   * @throws AppError `not-an-image`, `photo-damaged`, `photo-too-many-pixels`, `photo-too-small`, `disk-full`,
   * `overloaded`
   */
  decode(sourcePath: string, targetFolder: string): Promise<DecodedPhoto>;
  dispose(): Promise<void>;
}

/** Decodes photos in at most `threads` threads of their own. */
export function createPhotoDecoder(options: { threads: number }): PhotoDecoder {
  const pool = createWorkerPool<{ sourcePath: string; targetFolder: string }, DecodedPhoto>({
    file: new URL("./photo-worker.ts", import.meta.url),
    threads: options.threads,
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    maxHeapMegabytes: MAX_HEAP_MEGABYTES,
  });
  return {
    decode: (sourcePath, targetFolder) =>
      pool.run(
        { sourcePath, targetFolder },
        { onCrash: (cause) => new AppError("photo-damaged", { cause }) },
      ),
    dispose: () => pool.dispose(),
  };
}
