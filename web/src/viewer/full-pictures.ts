import type { FullTextures } from "../../../server/contract/full-textures.ts";
import { send } from "../api/send.ts";
import { decodePicture } from "./glb-pictures.ts";

/** What a model that was loaded with small textures knows about its full ones. */
export type FullPictures = {
  places: FullTextures;
  /** Gives the model decoded pictures by index, which are its own from then on. */
  take: (pictures: ReadonlyMap<number, ImageBitmap>) => void;
};

/** Throws where it is another file, or no answer. */
async function fetchBytes(url: string, { sha256, images }: FullTextures, signal: AbortSignal) {
  const from = Math.min(...images.map(({ byteOffset }) => byteOffset));
  const end = Math.max(...images.map(({ byteOffset, byteLength }) => byteOffset + byteLength));
  const response = await send(url, { signal, headers: { Range: `bytes=${from}-${end - 1}` } });
  const isMeant = response.headers.get("ETag")?.includes(sha256);
  if (!response.ok || !isMeant) throw new TypeError(`The textures were answered with ${response.status}.`);
  return { data: await response.arrayBuffer(), start: response.status === 206 ? from : 0 };
}

/**
 * Fetches the full textures of a model, in one range of the GLB at `url`, and decodes them, by index. Throws where one of
 * them can't be had.
 */
export async function fetchFullPictures(
  url: string,
  places: FullTextures,
  signal: AbortSignal,
): Promise<Map<number, ImageBitmap>> {
  const { data, start } = await fetchBytes(url, places, signal);
  const decoded = await Promise.all(
    places.images.map(({ byteOffset, byteLength, mimeType }) =>
      decodePicture(new Uint8Array(data, byteOffset - start, byteLength), mimeType),
    ),
  );
  return new Map(places.images.map(({ index }, at) => [index, decoded[at]]));
}
