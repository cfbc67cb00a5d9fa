import sharp, { type Metadata, type Sharp } from "sharp";
import { AppError } from "../errors.ts";
import { sniffImageFormat } from "./image-format.ts";
import { embedProfile } from "./png-profile.ts";

export const MAX_SIDE_PIXELS = 12_000;
export const MAX_DECODED_BYTES = 100_000_000;
const DECODE_LIMIT_SECONDS = 30;

const BYTES_PER_SAMPLE: Record<string, number> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};

/**
 * How much memory a picture claims, bytes: pixels times channels times depth, and twice that for an interlaced
 * PNG, which has to be held whole while its passes arrive.
 */
export function claimedBytes(header: Metadata): number {
  const interlaced = header.format === "png" && header.isProgressive ? 2 : 1;
  return header.width * header.height * header.channels * (BYTES_PER_SAMPLE[header.depth] ?? 16) * interlaced;
}

/**
 * Reads only the header and refuses what would be too large to decode.
 * @throws AppError `not-an-image`, `photo-damaged`, `photo-too-many-pixels`
 */
export async function readImageHeader(bytes: Buffer): Promise<Metadata> {
  if (!sniffImageFormat(bytes)) throw new AppError("not-an-image");
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause) => {
      throw new AppError("photo-damaged", { cause });
    });
  if (header.format === "heif" && !["hevc", "av1"].includes(header.compression ?? "")) {
    throw new AppError("not-an-image");
  }
  const isTooLarge = Math.max(header.width, header.height) > MAX_SIDE_PIXELS;
  if (isTooLarge || claimedBytes(header) > MAX_DECODED_BYTES) throw new AppError("photo-too-many-pixels");
  return header;
}

/** HEVC pictures, which sharp cannot decode; libheif applies the rotation of the container, but not the colour profile. */
async function openHeic(bytes: Buffer, { pagePrimary: page = 0, icc }: Metadata): Promise<Sharp> {
  // Loaded when the first one comes: the decoder is 20 MB of WebAssembly.
  const { default: decodeHeic } = await import("heic-decode");
  const images = await decodeHeic.all({ buffer: bytes });
  try {
    const image = images[page] ?? images[0];
    if (image.width * image.height * 4 > MAX_DECODED_BYTES) throw new AppError("photo-too-many-pixels");
    const { width, height, data } = await image.decode();
    const pixels = sharp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), {
      raw: { width, height, channels: 4 },
    });
    return icc ? sharp(embedProfile(await pixels.png({ compressionLevel: 0 }).toBuffer(), icc)) : pixels;
  } finally {
    images.dispose();
  }
}

/**
 * A picture ready to be processed, upright. Call `readImageHeader` first; a truncated file fails when the
 * pixels are read.
 */
export async function openImage(bytes: Buffer, header: Metadata): Promise<Sharp> {
  const image =
    header.compression === "hevc"
      ? await openHeic(bytes, header)
      : sharp(bytes, { failOn: "error", limitInputPixels: MAX_SIDE_PIXELS ** 2 });
  return image.autoOrient().timeout({ seconds: DECODE_LIMIT_SECONDS });
}
