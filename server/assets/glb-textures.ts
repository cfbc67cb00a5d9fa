import { type Document, type Texture, TextureChannel } from "@gltf-transform/core";
import { getTextureChannelMask, getTextureColorSpace } from "@gltf-transform/functions";
import sharp, { type Sharp } from "sharp";
import type { ModelStats } from "../contract/model.ts";
import { AppError } from "../errors.ts";
import { GlbProblem } from "./glb-problem.ts";
import { readImageHeader } from "./image-decoder.ts";

const COLOUR_QUALITY = 85;
/** Normals and roughness show artefacts sooner than colours. */
const DATA_QUALITY = 92;
/** Half the time of libwebp's default 4, for a file that is a twelfth larger. */
const WEBP_EFFORT = 2;
const TIME_LIMIT_SECONDS = 30;

/** The problem that a texture can't be decoded. */
export function unreadable(texture: Texture, cause: unknown): GlbProblem {
  const name = texture.getName() || texture.getURI() || "texture";
  const detail =
    cause instanceof AppError ? cause.detail : { en: "cannot be decoded", ru: "не декодируется" };
  return new GlbProblem(
    {
      en: `The texture “${name}” is not usable: ${detail.en}`,
      ru: `Текстура «${name}» не годится: ${detail.ru}`,
    },
    { cause },
  );
}

/** The picture as it is: glTF textures ignore EXIF orientation and colour profiles. */
export function openTexture(image: Uint8Array) {
  return sharp(image, { failOn: "error", ignoreIcc: true }).timeout({ seconds: TIME_LIMIT_SECONDS });
}

/** A picture for a texture of a document that is being written. */
export interface EncodedTexture {
  image: Uint8Array<ArrayBuffer>;
  mediaType: string;
  width: number;
  height: number;
}

/**
 * `webp` is the smallest. `jpeg` is for viewers that know only what glTF itself knows: JPEG, and PNG where the alpha
 * is seen. `lossless` keeps every pixel: JPEG and PNG as they are, the rest as PNG. `original` leaves what is there.
 */
export type TextureFormat = "webp" | "jpeg" | "lossless" | "original";

const KEPT_AS_THEY_ARE: Record<TextureFormat, readonly string[]> = {
  webp: ["webp"],
  jpeg: ["jpeg"],
  lossless: ["jpeg", "png"],
  original: ["webp", "jpeg", "png", "heif"],
};
/** What any of the formats may fall back to where encoding again makes no smaller file. */
const FALLBACKS: Record<TextureFormat, readonly string[]> = {
  webp: ["webp", "jpeg", "png"],
  jpeg: ["jpeg", "png"],
  lossless: ["jpeg", "png"],
  original: [],
};

function encoder(texture: Texture, picture: Sharp, format: TextureFormat): Sharp {
  const isColour = getTextureColorSpace(texture) === "srgb";
  const quality = isColour ? COLOUR_QUALITY : DATA_QUALITY;
  // Colours below zero alpha are still read where the material is opaque.
  if (format === "webp") return picture.webp({ quality, exact: true, effort: WEBP_EFFORT });
  const hasSeenAlpha = (getTextureChannelMask(texture) & TextureChannel.A) !== 0;
  if (format === "lossless" || hasSeenAlpha) return picture.png({ compressionLevel: 9 });
  return picture.removeAlpha().jpeg({ quality, chromaSubsampling: isColour ? "4:2:0" : "4:4:4" });
}

async function encode(texture: Texture, format: TextureFormat, maxSide: number): Promise<EncodedTexture> {
  const source = Buffer.from(texture.getImage() ?? []);
  const header = await readImageHeader(source);
  const fits = Math.max(header.width, header.height) <= maxSide;
  const asItIs = {
    image: new Uint8Array(source),
    mediaType: header.format === "heif" ? "image/avif" : `image/${header.format}`,
    width: header.width,
    height: header.height,
  };
  if ((fits || format === "original") && KEPT_AS_THEY_ARE[format].includes(header.format)) return asItIs;
  const opened = openTexture(source);
  const resized = fits ? opened : opened.resize(maxSide, maxSide, { fit: "inside" });
  const { data, info } = await encoder(texture, resized, format).toBuffer({ resolveWithObject: true });
  if (fits && FALLBACKS[format].includes(header.format) && data.length >= source.length) return asItIs;
  return {
    image: new Uint8Array(data),
    mediaType: `image/${info.format}`,
    width: info.width,
    height: info.height,
  };
}

/**
 * Encodes every texture anew, in the order of the document, which stays as it is.
 * @param maxSide pixels
 * @throws GlbProblem where a picture can't be decoded
 */
export async function encodeTextures(
  document: Document,
  format: TextureFormat,
  maxSide: number,
): Promise<EncodedTexture[]> {
  const encoded: EncodedTexture[] = [];
  for (const texture of document.getRoot().listTextures()) {
    try {
      encoded.push(await encode(texture, format, maxSide));
    } catch (cause) {
      throw unreadable(texture, cause);
    }
  }
  return encoded;
}

/** How a texture is encoded once more, so that whoever reads its file needs nothing new for it. */
const SAME_FORMATS: Record<string, TextureFormat> = {
  "image/webp": "webp",
  "image/jpeg": "jpeg",
  "image/png": "lossless",
};

/**
 * Smaller pictures for the textures whose sides are longer than `maxSide` pixels, by their index in the document, which
 * stays as it is. Leaves out what gets no smaller.
 * @throws GlbProblem where a picture can't be decoded
 */
export async function shrinkTextures(
  document: Document,
  maxSide: number,
): Promise<Map<number, EncodedTexture>> {
  const shrunk = new Map<number, EncodedTexture>();
  for (const [index, texture] of document.getRoot().listTextures().entries()) {
    const format = SAME_FORMATS[texture.getMimeType()];
    if (!format || Math.max(...(texture.getSize() ?? [0])) <= maxSide) continue;
    const encoded = await encode(texture, format, maxSide).catch((cause) => {
      throw unreadable(texture, cause);
    });
    if (encoded.image.length < texture.getImage()!.length) shrunk.set(index, encoded);
  }
  return shrunk;
}

/** Puts pictures into the textures of a document, which come in the order in which they were encoded. */
export function applyTextures(document: Document, encoded: EncodedTexture[]): void {
  for (const [index, texture] of document.getRoot().listTextures().entries()) {
    const { image, mediaType } = encoded[index];
    texture.setImage(image).setMimeType(mediaType).setURI("");
  }
}

/** What a texture is, for people. */
export const describeTextures = (encoded: EncodedTexture[]): ModelStats["textures"] =>
  encoded.map(({ width, height, mediaType }) => ({ width, height, mediaType }));
