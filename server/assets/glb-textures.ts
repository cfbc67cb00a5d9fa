import type { Document, Texture } from "@gltf-transform/core";
import { getTextureColorSpace } from "@gltf-transform/functions";
import sharp, { type Metadata } from "sharp";
import type { ModelStats } from "../contract/model.ts";
import { AppError } from "../errors.ts";
import { GlbProblem } from "./glb-problem.ts";
import { readImageHeader } from "./image-decoder.ts";

const MAX_SIDE_PIXELS = 2048;
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

async function toWebp(texture: Texture, image: Buffer, header: Metadata): Promise<void> {
  const isSmall = Math.max(header.width, header.height) <= MAX_SIDE_PIXELS;
  if (header.format === "webp" && isSmall) {
    texture.setMimeType("image/webp");
    return;
  }
  const quality = getTextureColorSpace(texture) === "srgb" ? COLOUR_QUALITY : DATA_QUALITY;
  const webp = await openTexture(image)
    .resize(MAX_SIDE_PIXELS, MAX_SIDE_PIXELS, { fit: "inside", withoutEnlargement: true })
    // Colours below zero alpha are still read where the material is opaque.
    .webp({ quality, exact: true, effort: WEBP_EFFORT })
    .toBuffer();
  texture.setImage(new Uint8Array(webp)).setMimeType("image/webp").setURI("");
}

/**
 * Turns every texture into WebP of at most 2048 pixels a side.
 * @returns the sizes that the textures have afterwards
 * @throws GlbProblem
 */
export async function compactTextures(document: Document): Promise<ModelStats["textures"]> {
  const sizes: ModelStats["textures"] = [];
  for (const texture of document.getRoot().listTextures()) {
    try {
      const image = Buffer.from(texture.getImage() ?? []);
      await toWebp(texture, image, await readImageHeader(image));
      const { width, height } = await openTexture(texture.getImage()!).metadata();
      sizes.push({ width, height, mediaType: texture.getMimeType() });
    } catch (cause) {
      throw unreadable(texture, cause);
    }
  }
  return sizes;
}
