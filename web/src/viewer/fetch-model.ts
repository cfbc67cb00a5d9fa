import { send } from "../api/send.ts";
import { expectedBytes, readWithProgress } from "./download-progress.ts";
import { decodePictures, type Pictures } from "./glb-pictures.ts";
import { ViewerError } from "./viewer-error.ts";

export type LoadProgress = { bytes: number; fraction: number | null };

export type LoadOptions = {
  bytes?: number;
  signal: AbortSignal;
  onProgress: (progress: LoadProgress) => void;
};

/** A GLB and its pictures, which are being decoded while something else is done. */
export type ModelFile = { data: ArrayBuffer } & Pictures;

/** Throws ViewerError, or the abort's reason when `signal` ends it. */
export async function fetchModel(
  url: string,
  { bytes, signal, onProgress }: LoadOptions,
): Promise<ModelFile> {
  try {
    const response = await send(url, { signal });
    if (!response.ok) throw new ViewerError(response.status === 404 ? "missing" : "refused");
    const data = await readWithProgress(response, expectedBytes(response.headers, bytes), onProgress);
    return { data, ...decodePictures(data) };
  } catch (cause) {
    if (signal.aborted || cause instanceof ViewerError) throw cause;
    throw new ViewerError(navigator.onLine ? "unreachable" : "offline", { cause });
  }
}
