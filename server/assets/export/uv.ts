import type { TextureInfo, vec2 } from "@gltf-transform/core";
import type { Transform } from "@gltf-transform/extensions";
import type { WorldPart } from "../world-mesh.ts";

/** Names a set of texture coordinates and what is done to them; equal for textures that lie equally. */
export function uvKey(info: TextureInfo): string {
  const transform = info.getExtension<Transform>("KHR_texture_transform");
  if (!transform) return String(info.getTexCoord());
  const set = transform.getTexCoord() ?? info.getTexCoord();
  return [set, ...transform.getOffset(), transform.getRotation(), ...transform.getScale()].join();
}

/**
 * Texture coordinates of a part as a texture wants them, with `KHR_texture_transform` applied; two numbers a vertex,
 * v from the top as in glTF. Null where the part has none.
 */
export function bakedUv({ primitive }: WorldPart, info: TextureInfo): Float32Array | null {
  const transform = info.getExtension<Transform>("KHR_texture_transform");
  const accessor = primitive.getAttribute(`TEXCOORD_${transform?.getTexCoord() ?? info.getTexCoord()}`);
  if (!accessor) return null;
  const [offset, scale] = [transform?.getOffset() ?? [0, 0], transform?.getScale() ?? [1, 1]];
  const [cos, sin] = [Math.cos(transform?.getRotation() ?? 0), Math.sin(transform?.getRotation() ?? 0)];
  const baked = new Float32Array(accessor.getCount() * 2);
  const uv: vec2 = [0, 0];
  for (let vertex = 0; vertex < accessor.getCount(); vertex++) {
    accessor.getElement(vertex, uv);
    const [u, v] = [uv[0] * scale[0], uv[1] * scale[1]];
    baked[vertex * 2] = cos * u + sin * v + offset[0];
    baked[vertex * 2 + 1] = cos * v - sin * u + offset[1];
  }
  return baked;
}
