import assert from "node:assert/strict";
import { USDAParser } from "three/examples/jsm/loaders/usd/USDAParser.js";
import { readZip, type ZipEntry } from "./read-zip.ts";

interface Spec {
  fields: {
    default?: unknown;
    typeName?: string;
    targetPaths?: string[];
    connectionPaths?: string[];
  } & Record<string, unknown>;
}

export interface ReadUsdMesh {
  /** Nine numbers a triangle, metres, Y up. */
  corners: Float32Array;
  /** Six numbers a triangle, v from below; null without. */
  uv: Float32Array | null;
  material: string;
  doubleSided: boolean;
}

export interface ReadUsdz {
  entries: ZipEntry[];
  text: string;
  stage: Record<string, unknown>;
  meshes: ReadUsdMesh[];
  /** Value or connection of an attribute. */
  value(path: string): unknown;
}

/** Reads a USDZ package by the rules of its specification and the stage in it with three's parser. */
export async function readUsdz(file: Buffer): Promise<ReadUsdz> {
  const entries = await readZip(file);
  for (const { name, isStored, offset } of entries) {
    assert.ok(isStored, `${name} is stored`);
    assert.equal(offset % 64, 0, `${name} begins at a multiple of 64`);
    assert.match(name, /\.(?:usda|png|jpg)$/);
  }
  assert.match(entries[0].name, /\.usda$/, "the first entry is the stage");
  const text = entries[0].content.toString("utf8");
  const { specsByPath } = new USDAParser().parseData(text) as { specsByPath: Record<string, Spec> };
  const value = (path: string) => {
    const fields = specsByPath[path]?.fields;
    return fields?.connectionPaths?.[0] ?? fields?.targetPaths?.[0] ?? fields?.default;
  };
  const meshes = Object.keys(specsByPath)
    .filter((path) => specsByPath[path].fields.typeName === "Mesh")
    .map((path) => {
      const read = (name: string) => value(`${path}.${name}`) as number[];
      assert.ok(read("faceVertexCounts").every((count) => count === 3));
      const [indices, points, st] = [read("faceVertexIndices"), read("points"), read("primvars:st")];
      assert.equal(indices.length, read("faceVertexCounts").length * 3);
      const gather = (values: number[], size: number) =>
        Float32Array.from(indices.flatMap((index) => values.slice(index * size, index * size + size)));
      const normals = read("normals").length / 3;
      assert.ok(normals === points.length / 3 || normals === indices.length);
      const material = value(`${path}.material:binding`) as string;
      assert.equal(specsByPath[material]?.fields.typeName, "Material");
      return {
        corners: gather(points, 3),
        uv: st ? gather(st, 2) : null,
        material,
        doubleSided: String(value(`${path}.doubleSided`)) === "1",
      };
    });
  return { entries, text, stage: specsByPath["/"].fields, meshes, value };
}
