import sharp from "sharp";

/** The one textured mesh of a GLB, read without any library. Y is up, Z towards the viewer, metres. */
export interface TexturedMesh {
  positions: Float32Array;
  /** Two a vertex, v down. */
  coordinates: Float32Array;
  indices: Uint32Array;
  texture: { width: number; height: number; rgb: Uint8Array };
}

interface Json {
  accessors: {
    bufferView: number;
    byteOffset?: number;
    componentType: number;
    count: number;
    type: string;
  }[];
  bufferViews: { byteOffset?: number; byteLength: number; byteStride?: number }[];
  meshes: { primitives: { attributes: Record<string, number>; indices: number }[] }[];
  images: { bufferView: number }[];
}

const WIDTHS: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3 };
const READERS: Record<number, { bytes: number; read(view: DataView, at: number): number }> = {
  5121: { bytes: 1, read: (view, at) => view.getUint8(at) },
  5123: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  5125: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  5126: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
};

/** Reads the binary container as glTF 2.0 describes it: a JSON chunk and one binary chunk. */
export async function readModel(glb: Uint8Array): Promise<TexturedMesh> {
  const file = new DataView(glb.buffer, glb.byteOffset, glb.byteLength);
  const jsonLength = file.getUint32(12, true);
  const json: Json = JSON.parse(new TextDecoder().decode(glb.subarray(20, 20 + jsonLength)));
  const start = 20 + jsonLength + 8;
  const numbers = (index: number): number[] => {
    const { bufferView, byteOffset = 0, componentType, count, type } = json.accessors[index];
    const { bytes, read } = READERS[componentType];
    const view = json.bufferViews[bufferView];
    const stride = view.byteStride ?? WIDTHS[type] * bytes;
    const from = start + (view.byteOffset ?? 0) + byteOffset;
    return Array.from({ length: count * WIDTHS[type] }, (_, i) =>
      read(file, from + Math.floor(i / WIDTHS[type]) * stride + (i % WIDTHS[type]) * bytes),
    );
  };
  const { attributes, indices } = json.meshes[0].primitives[0];
  const image = json.bufferViews[json.images[0].bufferView];
  const from = start + (image.byteOffset ?? 0);
  const { data, info } = await sharp(glb.subarray(from, from + image.byteLength))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    positions: Float32Array.from(numbers(attributes.POSITION)),
    coordinates: Float32Array.from(numbers(attributes.TEXCOORD_0)),
    indices: Uint32Array.from(numbers(indices)),
    texture: { width: info.width, height: info.height, rgb: new Uint8Array(data) },
  };
}
