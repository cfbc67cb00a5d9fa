import type { Material } from "@gltf-transform/core";
import { baseColourOf, toSrgb } from "./base-colour.ts";
import { alphaPicture, toPicture } from "./picture.ts";

interface MaterialLibrary {
  text: string;
  nameOf(material: Material | null): string;
  pictures: [path: string, content: Uint8Array][];
}

/**
 * A Wavefront material library. Readers disagree on whether `Kd` dyes `map_Kd`: it is baked into the picture and left
 * white. Roughness and metalness go as `Pr` and `Pm`, which are a common extension. @throws GlbProblem
 */
export async function materialLibrary(materials: (Material | null)[]): Promise<MaterialLibrary> {
  const distinct = [...new Set(materials)];
  const pictures: [string, Uint8Array][] = [];
  const blocks: string[] = [];
  const nameOf = (material: Material | null) => `material_${distinct.indexOf(material) + 1}`;
  for (const [index, material] of distinct.entries()) {
    const { factor, opacity, texture, usesAlpha } = baseColourOf(material);
    const colour = texture ? [1, 1, 1] : factor.map((value) => Number(toSrgb(value).toFixed(6)));
    const lines = [
      `newmtl ${nameOf(material)}`,
      `Kd ${colour.join(" ")}`,
      "Ks 0 0 0",
      `d ${opacity}`,
      `Pr ${material?.getRoughnessFactor() ?? 1}`,
      `Pm ${material?.getMetallicFactor() ?? 1}`,
      "illum 1",
    ];
    if (texture) {
      const { content, extension } = await toPicture(texture, { alpha: usesAlpha, tint: factor });
      const path = `textures/material_${index + 1}.${extension}`;
      pictures.push([path, content]);
      lines.push(`map_Kd ${path}`);
      const opacityMap = usesAlpha ? await alphaPicture(texture) : null;
      if (opacityMap) {
        pictures.push([`textures/material_${index + 1}_alpha.png`, opacityMap]);
        lines.push(`map_d textures/material_${index + 1}_alpha.png`);
      }
    }
    blocks.push(`${lines.join("\n")}\n`);
  }
  return { text: blocks.join("\n"), nameOf, pictures };
}
