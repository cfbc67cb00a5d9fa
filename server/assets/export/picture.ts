import type { Texture, vec3 } from "@gltf-transform/core";
import { openTexture, unreadable } from "../glb-textures.ts";
import { readImageHeader } from "../image-decoder.ts";

const JPEG_QUALITY = 92;
const DISPLAY_GAMMA = 2.2;
const WHITE: vec3 = [1, 1, 1];

export interface Picture {
  content: Uint8Array;
  mediaType: "image/png" | "image/jpeg";
  extension: "png" | "jpg";
}

interface PictureOptions {
  /** Whether the material reads the transparency. */
  alpha?: boolean;
  /** Linear factors for red, green and blue, for formats that have none of their own. */
  tint?: vec3;
  maxSidePixels?: number;
}

/**
 * A texture as PNG or JPEG: untouched where it is one that fits, else as PNG where its transparency counts and as
 * JPEG where not. @throws GlbProblem
 */
export async function toPicture(texture: Texture, options: PictureOptions = {}): Promise<Picture> {
  const { alpha = false, tint = WHITE, maxSidePixels = Infinity } = options;
  try {
    const image = Buffer.from(texture.getImage() ?? []);
    const header = await readImageHeader(image);
    const isTinted = tint.some((factor) => factor !== 1);
    const isPlain = header.format === "png" || header.format === "jpeg";
    if (isPlain && !isTinted && Math.max(header.width, header.height) <= maxSidePixels) {
      return pictureOf(image, header.format === "png");
    }
    let pixels = openTexture(image).toColourspace("srgb");
    if (Number.isFinite(maxSidePixels)) {
      pixels = pixels.resize(maxSidePixels, maxSidePixels, { fit: "inside", withoutEnlargement: true });
    }
    const keepsAlpha = alpha && header.hasAlpha;
    pixels = keepsAlpha ? pixels : pixels.removeAlpha();
    // The factors are linear and the pixels are not: (f · x)^(1/γ) = f^(1/γ) · x^(1/γ).
    const factors = tint.map((factor) => factor ** (1 / DISPLAY_GAMMA));
    if (isTinted)
      pixels = pixels.linear([...factors, ...(keepsAlpha ? [1] : [])], keepsAlpha ? [0, 0, 0, 0] : [0, 0, 0]);
    const packed = keepsAlpha
      ? pixels.png()
      : pixels.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" });
    return pictureOf(await packed.toBuffer(), keepsAlpha);
  } catch (cause) {
    throw unreadable(texture, cause);
  }
}

/** The transparency of a texture as a grey PNG, white where it is opaque; null where it has none. @throws GlbProblem */
export async function alphaPicture(texture: Texture): Promise<Uint8Array | null> {
  try {
    const image = Buffer.from(texture.getImage() ?? []);
    if (!(await readImageHeader(image)).hasAlpha) return null;
    return await openTexture(image).extractChannel("alpha").png().toBuffer();
  } catch (cause) {
    throw unreadable(texture, cause);
  }
}

const pictureOf = (content: Uint8Array, isPng: boolean): Picture =>
  isPng
    ? { content, mediaType: "image/png", extension: "png" }
    : { content, mediaType: "image/jpeg", extension: "jpg" };
