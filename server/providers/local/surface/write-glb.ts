import { Document, NodeIO, type TypedArray } from "@gltf-transform/core";
import type { Mesh } from "../solid/marching-tetrahedra.ts";
import type { UnwrappedMesh } from "./unwrap.ts";

const ROUGHNESS = 0.8;

/** One mesh, one matte material with the photo as its base colour. `normals` belong to `mesh`. */
export async function writeGlb(
  mesh: Mesh,
  normals: Float32Array,
  unwrapped: UnwrappedMesh,
  jpeg: Uint8Array,
  extras: Record<string, unknown>,
): Promise<Uint8Array> {
  const document = new Document();
  document.getRoot().getAsset().generator = "photo-to-3d local generator";
  const buffer = document.createBuffer();
  const { sources, textureCoordinates, indices } = unwrapped;
  const spread = (values: Float32Array) => {
    const result = new Float32Array(sources.length * 3);
    sources.forEach((source, v) => {
      result.set(values.subarray(source * 3, source * 3 + 3), v * 3);
    });
    return result;
  };
  const accessor = (type: "SCALAR" | "VEC2" | "VEC3", array: TypedArray) =>
    document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const texture = document.createTexture("photo").setImage(jpeg).setMimeType("image/jpeg");
  const material = document
    .createMaterial("photo")
    .setBaseColorTexture(texture)
    .setMetallicFactor(0)
    .setRoughnessFactor(ROUGHNESS);
  const primitive = document
    .createPrimitive()
    .setAttribute("POSITION", accessor("VEC3", spread(mesh.positions)))
    .setAttribute("NORMAL", accessor("VEC3", spread(normals)))
    .setAttribute("TEXCOORD_0", accessor("VEC2", Float32Array.from(textureCoordinates)))
    .setIndices(
      accessor("SCALAR", sources.length < 65_535 ? Uint16Array.from(indices) : Uint32Array.from(indices)),
    )
    .setMaterial(material);
  const node = document.createNode("object").setMesh(document.createMesh("object").addPrimitive(primitive));
  const scene = document.createScene("scene").addChild(node).setExtras(extras);
  document.getRoot().setDefaultScene(scene);
  return await new NodeIO().writeBinary(document);
}
