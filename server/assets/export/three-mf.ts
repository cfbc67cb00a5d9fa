import type { ExportInput } from "./kinds.ts";
import { GENERATOR, licenceNote, provenanceEntries } from "./provenance.ts";
import { TextWriter } from "./text-writer.ts";
import { type PartProperty, writeProperties } from "./three-mf-properties.ts";
import { assertFitsText, decimals, type WeldedMesh, weldParts } from "./welded-mesh.ts";
import { escapeXml } from "./xml.ts";
import { zip } from "./zip.ts";

const CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02";
const MATERIALS = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02";
const MODEL_RELATION = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel";
const TEXTURE_RELATION = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dtexture";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const MILLIMETRES_PER_METRE = 1000;

const CONTENT_TYPES =
  `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  '<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>' +
  '<Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/></Types>';

function relations(type: string, targets: string[]): string {
  const entries = targets.map(
    (target, index) => `<Relationship Id="r${index}" Target="${target}" Type="${type}"/>`,
  );
  return `${XML}<Relationships xmlns="${RELATIONS}">${entries.join("")}</Relationships>`;
}

/**
 * A 3MF package (core 1.3, materials 1.2): millimetres, Z up, one object on welded vertices, base colours, colours of
 * vertices or pictures. @throws GlbProblem, AppError `export-failed`
 */
export async function writeThreeMf(input: ExportInput): Promise<Uint8Array> {
  assertFitsText(input.parts);
  const out = new TextWriter();
  out.add(`${XML}<model unit="millimeter" xml:lang="en" xmlns="${CORE}" xmlns:m="${MATERIALS}">\n`);
  for (const [name, value] of metadata(input)) {
    out.add(`<metadata name="${name}">${escapeXml(value)}</metadata>\n`);
  }
  out.add("<resources>\n");
  const { properties, pictures } = await writeProperties(out, input.parts);
  const objectId = properties.reduce((highest, { id }) => Math.max(highest, id), 0) + 1;
  const [first] = properties;
  out.add(`<object id="${objectId}" type="model" name="${escapeXml(input.name)}" `);
  out.add(`pid="${first.id}" pindex="${first.indexOf(0)}"><mesh>\n`);
  writeMesh(out, input, properties);
  out.add("</mesh></object>\n</resources>\n");
  const [x, y] = [-input.box.min[0], input.box.max[2]].map((value) =>
    Number((value * MILLIMETRES_PER_METRE).toPrecision(9)),
  );
  out.add(
    `<build><item objectid="${objectId}" transform="1 0 0 0 1 0 0 0 1 ${x} ${y} 0"/></build>\n</model>\n`,
  );
  const files = new Map<string, Uint8Array>([
    ["[Content_Types].xml", Buffer.from(CONTENT_TYPES)],
    ["_rels/.rels", Buffer.from(relations(MODEL_RELATION, ["/3D/3dmodel.model"]))],
    ["3D/3dmodel.model", out.toBytes()],
  ]);
  if (pictures.size > 0) {
    const targets = [...pictures.keys()].map((path) => `/${path}`);
    files.set("3D/_rels/3dmodel.model.rels", Buffer.from(relations(TEXTURE_RELATION, targets)));
  }
  return zip(new Map([...files, ...pictures]));
}

const metadata = ({ name, provenance }: ExportInput): [string, string][] => [
  ["Title", name],
  ["Designer", GENERATOR],
  ["Application", GENERATOR],
  ["CreationDate", provenance.createdAt.slice(0, 10)],
  ["LicenseTerms", licenceNote(provenance)],
  [
    "Description",
    provenanceEntries(provenance)
      .map(([key, value]) => `${key}: ${value}`)
      .join("\n"),
  ],
];

function writeMesh(out: TextWriter, { parts, box }: ExportInput, properties: PartProperty[]): void {
  const mesh: WeldedMesh = weldParts(parts, box);
  const number = decimals(Math.round(1 / mesh.grid) / MILLIMETRES_PER_METRE);
  out.add("<vertices>\n");
  for (let at = 0; at < mesh.vertices.length; at += 3) {
    const [x, y, z] = mesh.vertices.subarray(at, at + 3);
    out.add(`<vertex x="${number(x)}" y="${number(0 - z)}" z="${number(y)}"/>\n`);
  }
  out.add("</vertices>\n<triangles>\n");
  for (const [index, { indices }] of parts.entries()) {
    const { id, indexOf } = properties[index];
    const corners = mesh.corners[index];
    for (let at = 0; at < indices.length; at += 3) {
      const [a, b, c] = indices.subarray(at, at + 3);
      const [v1, v2, v3] = [corners[a], corners[b], corners[c]];
      if (v1 === v2 || v2 === v3 || v3 === v1) continue;
      const [p1, p2, p3] = [indexOf(a), indexOf(b), indexOf(c)];
      const places = p1 === p2 && p2 === p3 ? `p1="${p1}"` : `p1="${p1}" p2="${p2}" p3="${p3}"`;
      out.add(`<triangle v1="${v1}" v2="${v2}" v3="${v3}" pid="${id}" ${places}/>\n`);
    }
  }
  out.add("</triangles>\n");
}
