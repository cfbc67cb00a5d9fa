import type { FullTextures } from "../../../server/contract/full-textures.ts";

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** Pictures of a GLB by index, which are being decoded, and where its full ones are, if these are smaller ones. */
export interface Pictures {
  pictures: Map<number, Promise<ImageBitmap>>;
  full: FullTextures | null;
}

interface Json {
  asset?: { extras?: { fullTextures?: FullTextures } };
  images?: { bufferView?: number; mimeType?: string }[];
  bufferViews?: { byteOffset?: number; byteLength: number }[];
}

/**
 * Begins to decode the pictures in a GLB (glTF 2.0, section 4.4), by their index, as three's loader wants them. Leaves
 * out what it can't find, for the loader to complain about.
 */
export function decodePictures(glb: ArrayBuffer): Pictures {
  const pictures: Pictures["pictures"] = new Map();
  const nothing: Pictures = { pictures, full: null };
  if (glb.byteLength < HEADER_BYTES + CHUNK_HEADER_BYTES) return nothing;
  const view = new DataView(glb);
  const length = view.getUint32(HEADER_BYTES, true);
  const start = HEADER_BYTES + CHUNK_HEADER_BYTES;
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(HEADER_BYTES + 4, true) !== JSON_CHUNK)
    return nothing;
  if (start + length > glb.byteLength) return nothing;
  const { asset, images = [], bufferViews = [] } = readJson(new Uint8Array(glb, start, length));
  const binary = start + length + CHUNK_HEADER_BYTES;
  for (const [index, { bufferView = -1, mimeType }] of images.entries()) {
    const place = bufferViews[bufferView];
    if (!place || !mimeType || mimeType === "image/ktx2") continue;
    const from = binary + (place.byteOffset ?? 0);
    if (from + place.byteLength > glb.byteLength) continue;
    const picture = decodePicture(new Uint8Array(glb, from, place.byteLength), mimeType);
    picture.catch(() => undefined);
    pictures.set(index, picture);
  }
  return { pictures, full: asset?.extras?.fullTextures ?? null };
}

/** As three's loader decodes the pictures of glTF. */
export const decodePicture = (bytes: Uint8Array<ArrayBuffer>, type: string): Promise<ImageBitmap> =>
  createImageBitmap(new Blob([bytes], { type }), { premultiplyAlpha: "none", colorSpaceConversion: "none" });

function readJson(bytes: Uint8Array<ArrayBuffer>): Json {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch {
    return {};
  }
}
