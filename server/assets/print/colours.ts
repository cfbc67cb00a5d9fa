import type { Texture } from "@gltf-transform/core";
import { baseColourOf, vertexColours } from "../export/base-colour.ts";
import { bakedUv } from "../export/uv.ts";
import { openTexture, unreadable } from "../glb-textures.ts";
import type { WeldedSurface } from "../surface/weld.ts";
import type { WorldPart } from "../world-mesh.ts";

const MAX_SIDE_PIXELS = 1024;

interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

/** An sRGB value of a byte as linear light (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

async function readPixels(texture: Texture): Promise<Pixels> {
  try {
    const { data, info } = await openTexture(texture.getImage() ?? new Uint8Array())
      .resize(MAX_SIDE_PIXELS, MAX_SIDE_PIXELS, { fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (cause) {
    throw unreadable(texture, cause);
  }
}

/**
 * The linear base colour at each corner of a welded surface, three numbers each, the mean where parts or seams meet.
 * Null where everything is white. @throws GlbProblem where a picture can't be decoded
 */
export async function cornerColours(
  parts: WorldPart[],
  surface: WeldedSurface,
): Promise<Float32Array | null> {
  const sums = new Float32Array(surface.positions.length);
  const counts = new Uint32Array(surface.positions.length / 3);
  const pictures = new Map<Texture, Pixels>();
  for (const [index, part] of parts.entries()) {
    const { factor, texture, info } = baseColourOf(part.material);
    const dyes = vertexColours(part);
    const uv = texture && info ? bakedUv(part, info) : null;
    if (texture && !pictures.has(texture)) pictures.set(texture, await readPixels(texture));
    const picture = texture && pictures.get(texture);
    const corners = surface.cornersOfParts[index];
    for (let vertex = 0; vertex < corners.length; vertex++) {
      const at = picture && uv ? pixelAt(picture, uv[vertex * 2], uv[vertex * 2 + 1]) : null;
      for (let channel = 0; channel < 3; channel++) {
        const dyed = factor[channel] * (dyes?.[vertex * 3 + channel] ?? 1);
        const shown = picture && at !== null ? LINEAR[picture.data[at + channel]] : 1;
        sums[corners[vertex] * 3 + channel] += dyed * shown;
      }
      counts[corners[vertex]]++;
    }
  }
  let isWhite = true;
  for (let at = 0; at < sums.length; at++) {
    sums[at] /= counts[(at / 3) | 0] || 1;
    if (sums[at] < 0.999) isWhite = false;
  }
  return isWhite ? null : sums;
}

/** Where the nearest pixel begins; textures repeat. */
function pixelAt({ width, height }: Pixels, u: number, v: number): number {
  const column = Math.min(width - 1, Math.floor((u - Math.floor(u)) * width));
  const row = Math.min(height - 1, Math.floor((v - Math.floor(v)) * height));
  return (row * width + column) * 3;
}
