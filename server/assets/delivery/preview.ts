import { createHash } from "node:crypto";
import type { Document } from "@gltf-transform/core";
import type { FullTextures } from "../../contract/full-textures.ts";
import { binaryStart, readGlbJson, writeGlbFrame } from "../glb-container.ts";
import { type EncodedTexture, shrinkTextures } from "../glb-textures.ts";

/** Longest side of a texture in a preview, pixels. */
const PREVIEW_TEXTURE_SIDE = 1024;
/**
 * A preview is kept where it has at most this share of the delivery's bytes. Its textures are the only bytes that are
 * then loaded twice, about a fifth of the full ones.
 */
const WORTH_SHARE = 0.75;

const MESHOPT = ["EXT_meshopt_compression", "KHR_meshopt_compression"];

/** Bytes of a buffer: a buffer view, or what meshopt has in its place. */
interface Span {
  buffer?: number;
  byteOffset?: number;
  byteLength: number;
}

interface Json {
  asset: { extras?: object };
  images?: { bufferView?: number; mimeType?: string }[];
  bufferViews?: (Span & { extensions?: Record<string, Span> })[];
  buffers: { byteLength: number }[];
}

/** What lies in the binary part of a GLB, in its order. */
function spansOf({ bufferViews = [] }: Json): Span[] {
  return bufferViews
    .flatMap((view) => [view, ...MESHOPT.map((name) => view.extensions?.[name])])
    .filter((span) => span?.buffer === 0)
    .map((span) => span!)
    .sort((a, b) => (a.byteOffset ?? 0) - (b.byteOffset ?? 0));
}

/** The GLB with other pictures for some of its images; every other byte of its binary part stays. */
function withPictures(glb: Buffer, pictures: ReadonlyMap<number, EncodedTexture>): Buffer {
  const json = readGlbJson(glb) as unknown as Json;
  const start = binaryStart(glb);
  const images: FullTextures["images"] = [];
  const replaced = new Map<Span, Uint8Array>();
  for (const [index, { image: picture, mediaType }] of pictures) {
    const image = json.images![index];
    const view = json.bufferViews![image.bufferView!];
    const { byteOffset = 0, byteLength } = view;
    images.push({ index, byteOffset: start + byteOffset, byteLength, mimeType: image.mimeType! });
    replaced.set(view, picture);
    image.mimeType = mediaType;
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (const span of spansOf(json)) {
    const from = start + (span.byteOffset ?? 0);
    const piece = replaced.get(span) ?? glb.subarray(from, from + span.byteLength);
    Object.assign(span, { byteOffset: bytes, byteLength: piece.length });
    const padding = new Uint8Array((4 - (piece.length % 4)) % 4);
    pieces.push(piece, padding);
    bytes += piece.length + padding.length;
  }
  json.buffers[0].byteLength = bytes;
  const sha256 = createHash("sha256").update(glb).digest("hex");
  json.asset.extras = { ...json.asset.extras, fullTextures: { sha256, images } satisfies FullTextures };
  return writeGlbFrame(json, Buffer.concat(pieces));
}

/**
 * A delivery with textures of at most `PREVIEW_TEXTURE_SIDE`, to be drawn while the full ones are loaded; it says where
 * they lie (see FullTextures). Its geometry is the delivery's, byte for byte.
 * @param document what `delivered` was read as
 * @returns null where that saves too little
 */
export async function makePreview(delivered: Uint8Array, document: Document): Promise<Buffer | null> {
  const glb = Buffer.from(delivered.buffer, delivered.byteOffset, delivered.length);
  const { images = [] } = readGlbJson(glb) as unknown as Json;
  const shrunk = await shrinkTextures(document, PREVIEW_TEXTURE_SIDE);
  const pictures = new Map(
    [...shrunk].filter(([index]) => images[index].bufferView !== undefined && images[index].mimeType),
  );
  if (pictures.size === 0) return null;
  const preview = withPictures(glb, pictures);
  return preview.length <= glb.length * WORTH_SHARE ? preview : null;
}
