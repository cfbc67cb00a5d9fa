import type { Material, Texture, TextureInfo } from "@gltf-transform/core";
import type { WorldPart } from "../world-mesh.ts";
import { toPicture } from "./picture.ts";
import { shaderOf } from "./usd-shader.ts";
import { uvKey } from "./uv.ts";

/** Larger pictures can exhaust a phone's memory. */
const MAX_SIDE_PIXELS = 2048;

export interface UsdMaterial {
  path: string;
  doubleSided: boolean;
  readsVertexColours: boolean;
  /** The distinct ways in which its textures lie; the first is the primvar `st`, the next `st1`. */
  uvInfos: TextureInfo[];
}

/** Collects the materials of the parts, then writes them with their pictures. */
export function materialWriter() {
  const known = new Map<string, UsdMaterial & { name: string; source: Material | null }>();
  const ids = new Map<Material | null, number>();

  function use({ material, primitive }: WorldPart): UsdMaterial {
    const readsVertexColours = primitive.getAttribute("COLOR_0") !== null;
    if (!ids.has(material)) ids.set(material, ids.size + 1);
    const name = `Material_${ids.get(material)}${readsVertexColours ? "_dyed" : ""}`;
    const found = known.get(name);
    if (found) return found;
    const entry = {
      name,
      source: material,
      path: `/Model/Materials/${name}`,
      doubleSided: material?.getDoubleSided() ?? false,
      readsVertexColours,
      uvInfos: distinctUvs(material),
    };
    known.set(name, entry);
    return entry;
  }

  async function write(): Promise<{ text: string; pictures: Map<string, Uint8Array> }> {
    const pictures = new Map<string, Uint8Array>();
    const paths = new Map<Texture, string>();
    const pathOf = async (texture: Texture, alpha: boolean): Promise<string> => {
      const found = paths.get(texture);
      if (found) return found;
      const { content, extension } = await toPicture(texture, { alpha, maxSidePixels: MAX_SIDE_PIXELS });
      const path = `textures/picture_${paths.size + 1}.${extension}`;
      pictures.set(path, content);
      paths.set(texture, path);
      return path;
    };
    const seeThrough = new Set(
      [...known.values()].flatMap(({ source }) => {
        const texture = source?.getAlphaMode() === "OPAQUE" ? null : source?.getBaseColorTexture();
        return texture ? [texture] : [];
      }),
    );
    let text = "";
    for (const material of known.values()) {
      text += await shaderOf(material, (texture) => pathOf(texture, seeThrough.has(texture)));
    }
    return { text, pictures };
  }

  return { use, write };
}

function distinctUvs(material: Material | null): TextureInfo[] {
  const infos = [
    material?.getBaseColorTextureInfo(),
    material?.getNormalTextureInfo(),
    material?.getMetallicRoughnessTextureInfo(),
    material?.getEmissiveTextureInfo(),
    material?.getOcclusionTextureInfo(),
  ].filter((info) => info !== null && info !== undefined);
  const byKey = new Map(infos.map((info) => [uvKey(info), info]));
  return [...byKey.values()];
}
