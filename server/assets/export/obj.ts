import { baseColourOf, toSrgb, vertexColours } from "./base-colour.ts";
import type { ExportInput } from "./kinds.ts";
import { materialLibrary } from "./obj-materials.ts";
import { provenanceEntries } from "./provenance.ts";
import { TextWriter } from "./text-writer.ts";
import { bakedUv } from "./uv.ts";
import { assertFitsText, decimals, weldParts } from "./welded-mesh.ts";
import { zip } from "./zip.ts";

const round = (value: number) => String(Math.round(value * 1e6) / 1e6);

/** A ZIP with `model.obj` in metres and Y up, `model.mtl` and its pictures. @throws GlbProblem, AppError `export-failed` */
export async function writeObj(input: ExportInput): Promise<Uint8Array> {
  assertFitsText(input.parts);
  const library = await materialLibrary(input.parts.map(({ material }) => material));
  const files = new Map<string, Uint8Array>([
    ["model.obj", geometry(input, library.nameOf)],
    ["model.mtl", Buffer.from(library.text)],
    ...library.pictures,
  ]);
  return zip(files);
}

function geometry(
  input: ExportInput,
  nameOf: (part: ExportInput["parts"][number]["material"]) => string,
): Buffer {
  const { parts, box, name, provenance } = input;
  const out = new TextWriter();
  out.add(`# ${name}\n# Unit: metre. Up: +Y. Front: +Z.\n`);
  for (const [key, value] of provenanceEntries(provenance)) out.add(`# ${key}: ${value}\n`);
  out.add(`mtllib model.mtl\no ${name.replace(/\s+/g, "_")}\n`);

  const { vertices, grid, corners } = weldParts(parts, box);
  const number = decimals(Math.round(1 / grid));
  const colours = coloursByVertex(input, corners, vertices.length / 3);
  for (let at = 0; at < vertices.length; at += 3) {
    const place = `v ${number(vertices[at])} ${number(vertices[at + 1])} ${number(vertices[at + 2])}`;
    const tint = colours?.subarray(at, at + 3);
    out.add(
      tint ? `${place} ${Array.from(tint, (value) => round(toSrgb(value))).join(" ")}\n` : `${place}\n`,
    );
  }
  let [firstUv, firstNormal] = [1, 1];
  for (const [index, part] of parts.entries()) {
    const { info } = baseColourOf(part.material);
    const uv = info && bakedUv(part, info);
    for (let at = 0; uv && at < uv.length; at += 2) out.add(`vt ${round(uv[at])} ${round(1 - uv[at + 1])}\n`);
    const { normals } = part;
    for (let at = 0; normals && at < normals.length; at += 3) {
      out.add(`vn ${round(normals[at])} ${round(normals[at + 1])} ${round(normals[at + 2])}\n`);
    }
    out.add(`g part_${index + 1}\nusemtl ${nameOf(part.material)}\n`);
    const corner = (vertex: number) => {
      const place = corners[index][vertex] + 1;
      const texture = uv ? firstUv + vertex : "";
      if (normals) return `${place}/${texture}/${firstNormal + vertex}`;
      return uv ? `${place}/${texture}` : `${place}`;
    };
    for (let at = 0; at < part.indices.length; at += 3) {
      const [a, b, c] = part.indices.subarray(at, at + 3);
      out.add(`f ${corner(a)} ${corner(b)} ${corner(c)}\n`);
    }
    firstUv += uv ? uv.length / 2 : 0;
    firstNormal += normals ? normals.length / 3 : 0;
  }
  return out.toBytes();
}

/** Colours as most programs read them behind a vertex; white for parts without. Null where no part has any. */
function coloursByVertex({ parts }: ExportInput, corners: Uint32Array[], count: number): Float32Array | null {
  if (!parts.some(({ primitive }) => primitive.getAttribute("COLOR_0"))) return null;
  const colours = new Float32Array(count * 3).fill(1);
  for (const [index, part] of parts.entries()) {
    const own = vertexColours(part);
    if (!own) continue;
    for (const [vertex, corner] of corners[index].entries()) {
      colours.set(own.subarray(vertex * 3, vertex * 3 + 3), corner * 3);
    }
  }
  return colours;
}
