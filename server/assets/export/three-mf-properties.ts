import type { WorldPart } from "../world-mesh.ts";
import { baseColourOf, toHex, vertexColours } from "./base-colour.ts";
import { toPicture } from "./picture.ts";
import type { TextWriter } from "./text-writer.ts";
import { bakedUv } from "./uv.ts";

/** The resource that dyes a part, and the entry in it for each of the part's vertices. */
export interface PartProperty {
  id: number;
  indexOf(vertex: number): number;
}

/** Writes the resources of the 3MF materials extension that dye the parts. @throws GlbProblem */
export async function writeProperties(
  out: TextWriter,
  parts: WorldPart[],
): Promise<{ properties: PartProperty[]; pictures: Map<string, Uint8Array> }> {
  const pictures = new Map<string, Uint8Array>();
  const properties: PartProperty[] = [];
  const pictureIds = new Map<WorldPart["material"], number>();
  let nextId = 1;
  for (const part of parts) {
    const { texture, info, factor, opacity, usesAlpha } = baseColourOf(part.material);
    const uv = info && bakedUv(part, info);
    if (texture && uv) {
      let pictureId = pictureIds.get(part.material);
      if (pictureId === undefined) {
        const { content, mediaType, extension } = await toPicture(texture, {
          alpha: usesAlpha,
          tint: factor,
        });
        pictureId = nextId++;
        pictureIds.set(part.material, pictureId);
        const path = `3D/Textures/picture_${pictureId}.${extension}`;
        pictures.set(path, content);
        out.add(`<m:texture2d id="${pictureId}" path="/${path}" contenttype="${mediaType}"/>\n`);
      }
      const id = nextId++;
      out.add(`<m:texture2dgroup id="${id}" texid="${pictureId}">\n`);
      for (let at = 0; at < uv.length; at += 2) {
        out.add(`<m:tex2coord u="${round(uv[at])}" v="${round(1 - uv[at + 1])}"/>\n`);
      }
      out.add("</m:texture2dgroup>\n");
      properties.push({ id, indexOf: (vertex) => vertex });
      continue;
    }
    const id = nextId++;
    const colours = vertexColours(part);
    if (!colours) {
      const name = `material ${id}`;
      out.add(`<basematerials id="${id}"><base name="${name}" displaycolor="${toHex(factor, opacity)}"/>`);
      out.add("</basematerials>\n");
      properties.push({ id, indexOf: () => 0 });
      continue;
    }
    out.add(`<m:colorgroup id="${id}">\n`);
    for (let at = 0; at < colours.length; at += 3) {
      const dyed = [0, 1, 2].map((channel) => colours[at + channel] * factor[channel]);
      out.add(`<m:color color="${toHex(dyed, opacity)}"/>\n`);
    }
    out.add("</m:colorgroup>\n");
    properties.push({ id, indexOf: (vertex) => vertex });
  }
  return { properties, pictures };
}

const round = (value: number) => Math.round(value * 1e6) / 1e6;
