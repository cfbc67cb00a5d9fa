import type { Material, Primitive, TextureInfo } from "@gltf-transform/core";
import type { Transform } from "@gltf-transform/extensions";
import type { WorldPart } from "../world-mesh.ts";
import type { Camera } from "./camera.ts";
import { type Shader, type Surface, sortFarToNear } from "./rasterizer.ts";
import type { Light } from "./shading.ts";
import type { Sampler } from "./texture-sampler.ts";

const DEFAULT_ROUGHNESS = 0.8;
/** A texture decides about roughness then; the factor alone says nothing. */
const TEXTURED_ROUGHNESS = 0.6;

/** Texture coordinates with KHR_texture_transform applied, two numbers a vertex. */
function readCoordinates(primitive: Primitive, info: TextureInfo): Float32Array | null {
  const transform = info.getExtension<Transform>("KHR_texture_transform");
  const attribute = primitive.getAttribute(`TEXCOORD_${transform?.getTexCoord() ?? info.getTexCoord()}`);
  if (!attribute) return null;
  const [offsetU, offsetV] = transform?.getOffset() ?? [0, 0];
  const [scaleU, scaleV] = transform?.getScale() ?? [1, 1];
  const rotation = transform?.getRotation() ?? 0;
  const [sin, cos] = [Math.sin(rotation), Math.cos(rotation)];
  const coordinates = new Float32Array(attribute.getCount() * 2);
  const element = [0, 0];
  for (let vertex = 0; vertex < attribute.getCount(); vertex++) {
    attribute.getElement(vertex, element);
    const [u, v] = [element[0] * scaleU, element[1] * scaleV];
    coordinates[vertex * 2] = cos * u + sin * v + offsetU;
    coordinates[vertex * 2 + 1] = -sin * u + cos * v + offsetV;
  }
  return coordinates;
}

/** Linear vertex colours, four numbers a vertex. */
function readColours(primitive: Primitive): Float32Array | null {
  const attribute = primitive.getAttribute("COLOR_0");
  if (!attribute) return null;
  const colours = new Float32Array(attribute.getCount() * 4).fill(1);
  const element = [1, 1, 1, 1];
  for (let vertex = 0; vertex < attribute.getCount(); vertex++) {
    colours.set(attribute.getElement(vertex, element).slice(0, attribute.getElementSize()), vertex * 4);
  }
  return colours;
}

function flatNormal(positions: Float32Array, a: number, b: number, c: number, out: Float64Array): void {
  const edge = (from: number, to: number, axis: number) =>
    positions[to * 3 + axis] - positions[from * 3 + axis];
  const [ux, uy, uz] = [edge(a, b, 0), edge(a, b, 1), edge(a, b, 2)];
  const [vx, vy, vz] = [edge(a, c, 0), edge(a, c, 1), edge(a, c, 2)];
  out[0] = uy * vz - uz * vy;
  out[1] = uz * vx - ux * vz;
  out[2] = ux * vy - uy * vx;
}

/** Rough metal looks like paint of its colour; glTF's default is such a metal, and few files mean it. */
function metalnessOf(material: Material | null): number {
  if (!material || material.getMetallicRoughnessTexture()) return 0;
  return material.getMetallicFactor() * (1 - material.getRoughnessFactor() ** 2);
}

function roughnessOf(material: Material | null): number {
  if (!material) return DEFAULT_ROUGHNESS;
  return material.getMetallicRoughnessTexture() ? TEXTURED_ROUGHNESS : material.getRoughnessFactor();
}

function createShader(part: WorldPart, sample: Sampler | null, light: Light): Shader {
  const { positions, normals, primitive, material } = part;
  const coordinates = sample ? readCoordinates(primitive, material!.getBaseColorTextureInfo()!) : null;
  const colours = readColours(primitive);
  const factor = material?.getBaseColorFactor() ?? [1, 1, 1, 1];
  const emissive = material?.getEmissiveTexture() ? [0, 0, 0] : (material?.getEmissiveFactor() ?? [0, 0, 0]);
  const isUnlit = Boolean(material?.getExtension("KHR_materials_unlit"));
  const cutoff = material?.getAlphaMode() === "MASK" ? material.getAlphaCutoff() : 0;
  const roughness = roughnessOf(material);
  const metalness = metalnessOf(material);
  const normal = new Float64Array(3);

  return (a, b, c, wa, wb, wc, isBack, out) => {
    if (sample && coordinates) {
      const u = coordinates[a * 2] * wa + coordinates[b * 2] * wb + coordinates[c * 2] * wc;
      const v = coordinates[a * 2 + 1] * wa + coordinates[b * 2 + 1] * wb + coordinates[c * 2 + 1] * wc;
      sample(u, v, out);
      for (let channel = 0; channel < 4; channel++) out[channel] *= factor[channel];
    } else for (let channel = 0; channel < 4; channel++) out[channel] = factor[channel];
    if (colours) {
      for (let channel = 0; channel < 4; channel++) {
        out[channel] *=
          colours[a * 4 + channel] * wa + colours[b * 4 + channel] * wb + colours[c * 4 + channel] * wc;
      }
    }
    if (out[3] < cutoff) return false;
    if (isUnlit) return true;

    if (normals) {
      for (let axis = 0; axis < 3; axis++) {
        normal[axis] = normals[a * 3 + axis] * wa + normals[b * 3 + axis] * wb + normals[c * 3 + axis] * wc;
      }
    } else flatNormal(positions, a, b, c, normal);
    // Math.hypot is many times slower, and this runs for every pixel.
    const squares = normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2];
    const length = (Math.sqrt(squares) || 1) * (isBack ? -1 : 1);
    for (let axis = 0; axis < 3; axis++) normal[axis] /= length;
    light(out, normal, roughness, metalness);
    for (let channel = 0; channel < 3; channel++) out[channel] += emissive[channel];
    return true;
  };
}

/** Makes a part of the model ready to be drawn. `sample` reads its base colour texture, if it has one. */
export function createSurface(
  part: WorldPart,
  camera: Camera,
  sample: Sampler | null,
  light: Light,
): Surface {
  const screen = camera.project(part.positions);
  const isTranslucent = part.material?.getAlphaMode() === "BLEND";
  return {
    screen,
    indices: isTranslucent ? sortFarToNear(screen, part.indices) : part.indices,
    isDoubleSided: part.material?.getDoubleSided() ?? false,
    isTranslucent,
    hasHoles: part.material?.getAlphaMode() === "MASK",
    shade: createShader(part, sample, light),
  };
}
