import type { Material, Texture, TextureInfo, vec3 } from "@gltf-transform/core";
import type { WorldPart } from "../world-mesh.ts";

/** What plain formats know of a surface: one colour or one picture. */
export interface BaseColour {
  /** Linear, 0 to 1. */
  factor: vec3;
  /** 0 to 1; 1 where the material is opaque or cut out. */
  opacity: number;
  texture: Texture | null;
  info: TextureInfo | null;
  /** Whether the transparency of the texture shows. */
  usesAlpha: boolean;
}

/** The base colour of a material, white where there is none (glTF 2.0, section 3.9.2). */
export function baseColourOf(material: Material | null): BaseColour {
  const [r, g, b, a] = material?.getBaseColorFactor() ?? [1, 1, 1, 1];
  const mode = material?.getAlphaMode() ?? "OPAQUE";
  return {
    factor: [r, g, b],
    opacity: mode === "BLEND" ? a : 1,
    texture: material?.getBaseColorTexture() ?? null,
    info: material?.getBaseColorTextureInfo() ?? null,
    usesAlpha: mode !== "OPAQUE",
  };
}

/** Linear colours of a part's vertices, three numbers each; null where it has none. */
export function vertexColours({ primitive }: WorldPart): Float32Array | null {
  const accessor = primitive.getAttribute("COLOR_0");
  if (!accessor) return null;
  const colours = new Float32Array(accessor.getCount() * 3);
  const element: number[] = [];
  for (let vertex = 0; vertex < accessor.getCount(); vertex++) {
    colours.set(accessor.getElement(vertex, element).slice(0, 3), vertex * 3);
  }
  return colours;
}

/** Linear light to an sRGB value from 0 to 1 (IEC 61966-2-1). */
export const toSrgb = (linear: number): number => {
  const clipped = Math.min(1, Math.max(0, linear));
  return clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
};

/** `#RRGGBBAA` in sRGB. */
export const toHex = (linear: ArrayLike<number>, opacity: number): string =>
  `#${[toSrgb(linear[0]), toSrgb(linear[1]), toSrgb(linear[2]), opacity]
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")
    .toUpperCase()}`;
