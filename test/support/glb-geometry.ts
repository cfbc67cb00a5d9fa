import { NodeIO } from "@gltf-transform/core";
import sharp from "sharp";

export interface GlbGeometry {
  triangles: number;
  low: number[];
  high: number[];
  /** Every edge between two positions is used once in each direction. */
  isWatertight: boolean;
  volume: number;
  positions: Float32Array;
  normals: Float32Array;
  /** The texture's colour at each vertex, three bytes a vertex. */
  vertexColours: Uint8Array;
  textureWidth: number;
  textureHeight: number;
}

/** Reads the one mesh of a GLB; vertices at the same position count as one. */
export async function readGeometry(glb: Uint8Array): Promise<GlbGeometry> {
  const document = await new NodeIO().readBinary(glb);
  const primitive = document.getRoot().listMeshes()[0].listPrimitives()[0];
  const positions = Float32Array.from(primitive.getAttribute("POSITION")!.getArray()!);
  const indices = Uint32Array.from(primitive.getIndices()!.getArray()!);
  const ids = new Map<string, number>();
  const welded = Uint32Array.from({ length: positions.length / 3 }, (_, v) => {
    const key = positions.subarray(v * 3, v * 3 + 3).join();
    if (!ids.has(key)) ids.set(key, ids.size);
    return ids.get(key)!;
  });
  const edges = new Map<string, number>();
  let volume = 0;
  for (let t = 0; t < indices.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const edge = `${welded[indices[t + k]]}-${welded[indices[t + ((k + 1) % 3)]]}`;
      edges.set(edge, (edges.get(edge) ?? 0) + 1);
    }
    const [a, b, c] = [0, 1, 2].map((k) => positions.subarray(indices[t + k] * 3, indices[t + k] * 3 + 3));
    volume +=
      (a[0] * (b[1] * c[2] - b[2] * c[1]) -
        a[1] * (b[0] * c[2] - b[2] * c[0]) +
        a[2] * (b[0] * c[1] - b[1] * c[0])) /
      6;
  }
  const isWatertight = [...edges].every(
    ([edge, count]) => count === 1 && edges.get(edge.split("-").reverse().join("-")) === 1,
  );
  const axes = [0, 1, 2].map((axis) => positions.filter((_, i) => i % 3 === axis));
  const texture = document.getRoot().listTextures()[0];
  const { data, info } = await sharp(texture.getImage()!).raw().toBuffer({ resolveWithObject: true });
  const uv = primitive.getAttribute("TEXCOORD_0")!.getArray()!;
  const vertexColours = new Uint8Array(positions.length);
  for (let v = 0; v < positions.length / 3; v++) {
    const x = Math.min(info.width - 1, Math.floor(uv[v * 2] * info.width));
    const y = Math.min(info.height - 1, Math.floor(uv[v * 2 + 1] * info.height));
    const from = (y * info.width + x) * info.channels;
    vertexColours.set(data.subarray(from, from + 3), v * 3);
  }
  return {
    triangles: indices.length / 3,
    low: axes.map((values) => values.reduce((least, value) => Math.min(least, value), Infinity)),
    high: axes.map((values) => values.reduce((most, value) => Math.max(most, value), -Infinity)),
    isWatertight,
    volume,
    positions,
    normals: Float32Array.from(primitive.getAttribute("NORMAL")!.getArray()!),
    vertexColours,
    textureWidth: info.width,
    textureHeight: info.height,
  };
}
