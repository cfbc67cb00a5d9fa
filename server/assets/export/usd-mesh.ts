import type { WorldPart } from "../world-mesh.ts";
import { baseColourOf, vertexColours } from "./base-colour.ts";
import type { TextWriter } from "./text-writer.ts";
import type { UsdMaterial } from "./usd-material.ts";
import { usdTuple } from "./usd-text.ts";
import { bakedUv } from "./uv.ts";
import { decimals } from "./welded-mesh.ts";

interface MeshInput {
  /** An identifier: ASCII letters, digits, underscores. */
  name: string;
  part: WorldPart;
  material: UsdMaterial;
  /** Metres that positions are rounded to. */
  grid: number;
}

/** A package can't be compressed: every digit counts. */
const ROUNDING = 1e4;
const UV_ROUNDING = 1e5;

const round = (value: number, rounding = ROUNDING) => String(Math.round(value * rounding) / rounding);

/** Writes one part as a `UsdGeomMesh` in scene coordinates, with all texture coordinates that its material reads. */
export function writeMesh(out: TextWriter, { name, part, material, grid }: MeshInput): void {
  const { positions, normals, indices } = part;
  const number = decimals(Math.round(1 / grid));
  const place = (value: number) => number(Math.round(value / grid));
  out.add(`    def Mesh "${name}" (\n        prepend apiSchemas = ["MaterialBindingAPI"]\n    )\n    {\n`);
  out.add(`        uniform bool doubleSided = ${material.doubleSided ? 1 : 0}\n`);
  out.add(`        float3[] extent = [${extentOf(positions).map(usdTuple).join(", ")}]\n`);
  list(out, "int[] faceVertexCounts", indices.length / 3, () => "3");
  list(out, "int[] faceVertexIndices", indices.length, (at) => String(indices[at]));
  out.add(`        rel material:binding = <${material.path}>\n`);
  if (normals) {
    list(out, "normal3f[] normals", normals.length / 3, (v) => triple(normals, v, round), "vertex");
  } else {
    const flat = flatNormals(part);
    list(
      out,
      "normal3f[] normals",
      indices.length,
      (at) => triple(flat, Math.floor(at / 3), round),
      "faceVarying",
    );
  }
  list(out, "point3f[] points", positions.length / 3, (vertex) => triple(positions, vertex, place));
  const colours = material.readsVertexColours ? dyedColours(part) : null;
  if (colours) {
    const { length } = colours;
    list(out, "color3f[] primvars:displayColor", length / 3, (v) => triple(colours, v, round), "vertex");
  }
  for (const [index, info] of material.uvInfos.entries()) {
    const uv = bakedUv(part, info);
    if (!uv) continue;
    const pair = (vertex: number) =>
      `(${round(uv[vertex * 2], UV_ROUNDING)},${round(1 - uv[vertex * 2 + 1], UV_ROUNDING)})`;
    list(out, `texCoord2f[] primvars:${uvName(index)}`, uv.length / 2, pair, "vertex");
  }
  out.add('        uniform token subdivisionScheme = "none"\n    }\n\n');
}

/** Colours of vertices with the material's own factor, which nothing else in the stage brings in. */
function dyedColours(part: WorldPart): Float32Array | null {
  const { factor } = baseColourOf(part.material);
  return vertexColours(part)?.map((value, at) => value * factor[at % 3]) ?? null;
}

/** The primvar of a material's set of texture coordinates. */
export const uvName = (index: number) => (index === 0 ? "st" : `st${index}`);

function triple(values: Float32Array, index: number, format: (value: number) => string): string {
  const at = index * 3;
  return `(${format(values[at])},${format(values[at + 1])},${format(values[at + 2])})`;
}

function list(
  out: TextWriter,
  name: string,
  count: number,
  item: (index: number) => string,
  spread?: string,
): void {
  out.add(`        ${name} = [`);
  for (let index = 0; index < count; index++) out.add(index === 0 ? item(0) : `,${item(index)}`);
  out.add(spread ? `] (\n            interpolation = "${spread}"\n        )\n` : "]\n");
}

function extentOf(positions: Float32Array): [number[], number[]] {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at++) {
    low[at % 3] = Math.min(low[at % 3], positions[at]);
    high[at % 3] = Math.max(high[at % 3], positions[at]);
  }
  return [low, high];
}

/** One normal a triangle, for surfaces that are meant to have edges. */
function flatNormals({ positions, indices }: WorldPart): Float32Array {
  const normals = new Float32Array(indices.length);
  for (let at = 0; at < indices.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => positions.subarray(indices[at + k] * 3, indices[at + k] * 3 + 3));
    const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const length = Math.hypot(...normal) || 1;
    normals.set(
      normal.map((value) => value / length),
      at,
    );
  }
  return normals;
}
