import assert from "node:assert/strict";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { entryOf, readZip, type ZipEntry } from "./read-zip.ts";

type Element = Record<string, unknown>;

const LISTS = new Set([
  "metadata",
  "vertex",
  "triangle",
  "base",
  "basematerials",
  "m:color",
  "m:colorgroup",
  "m:texture2d",
  "m:texture2dgroup",
  "m:tex2coord",
  "Relationship",
]);

function parse(content: Buffer): Element {
  const text = content.toString("utf8");
  assert.equal(XMLValidator.validate(text), true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => LISTS.has(name),
    parseTagValue: false,
    processEntities: true,
    trimValues: false,
  });
  return parser.parse(text);
}

const elements = (parent: Element, name: string) => (parent[name] ?? []) as Element[];

export interface Read3mf {
  entries: ZipEntry[];
  metadata: Record<string, string>;
  objectName: string;
  /** Nine numbers a triangle, millimetres, Z up, as the build item places them. */
  corners: Float32Array;
  /** For each triangle how it is dyed: its picture with u and v of the corners from the lower left, or colours. */
  dyes: { picture?: string; uv?: number[]; colours?: string[] }[];
}

/** Reads a 3MF package by its relationships, as the core specification says; every reference must resolve. */
export async function read3mf(file: Buffer): Promise<Read3mf> {
  const entries = await readZip(file);
  const roots = elements(parse(entryOf(entries, "_rels/.rels")).Relationships as Element, "Relationship");
  assert.equal(roots.length, 1);
  const types = entryOf(entries, "[Content_Types].xml").toString();
  for (const { name } of entries.slice(1))
    assert.match(types, new RegExp(`Extension="${name.split(".").pop()}"`));
  const model = parse(entryOf(entries, String(roots[0].Target).slice(1))).model as Element;
  assert.equal(model.unit, "millimeter");
  const resources = model.resources as Element;
  const related = entries.find(({ name }) => name === "3D/_rels/3dmodel.model.rels");
  const linked = related
    ? elements(parse(related.content).Relationships as Element, "Relationship").map(({ Target }) => Target)
    : [];
  const pictures = new Map(
    elements(resources, "m:texture2d").map(({ id, path }) => {
      assert.ok(linked.includes(path), "pictures are related to the model");
      entryOf(entries, String(path).slice(1));
      return [id, String(path).slice(1)];
    }),
  );
  const groups = new Map<unknown, { picture?: string; items: unknown[] }>();
  for (const group of elements(resources, "m:texture2dgroup")) {
    const items = elements(group, "m:tex2coord").map(({ u, v }) => [Number(u), Number(v)]);
    groups.set(group.id, { picture: pictures.get(group.texid), items });
  }
  for (const group of elements(resources, "m:colorgroup")) {
    groups.set(group.id, { items: elements(group, "m:color").map(({ color }) => color) });
  }
  for (const group of elements(resources, "basematerials")) {
    groups.set(group.id, { items: elements(group, "base").map(({ displaycolor }) => displaycolor) });
  }
  const object = resources.object as Element;
  const item = (model.build as Element).item as Element;
  assert.equal(item.objectid, object.id);
  const matrix = String(item.transform).split(" ").map(Number);
  assert.deepEqual(matrix.slice(0, 9), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const mesh = object.mesh as { vertices: Element; triangles: Element };
  const places = elements(mesh.vertices, "vertex").map(({ x, y, z }) => [x, y, z].map(Number));
  const triangles = elements(mesh.triangles, "triangle");
  const corners = new Float32Array(triangles.length * 9);
  const dyes = triangles.map(({ v1, v2, v3, pid, p1, p2 = p1, p3 = p1 }, index) => {
    const numbers = [v1, v2, v3].map(Number);
    assert.equal(new Set(numbers).size, 3, "a triangle has three corners");
    corners.set(
      numbers.flatMap((at) => places[at].map((value, axis) => value + matrix[9 + axis])),
      index * 9,
    );
    const group = groups.get(pid);
    assert.ok(group, "a triangle's property is there");
    const items = [p1, p2, p3].map((at) => group.items[Number(at)]);
    assert.ok(items.every((entry) => entry !== undefined));
    return group.picture
      ? { picture: group.picture, uv: items.flat() as number[] }
      : { colours: items as string[] };
  });
  const metadata = Object.fromEntries(
    elements(model, "metadata").map((entry) => [entry.name, entry["#text"] as string]),
  );
  return { entries, metadata, objectName: object.name as string, corners, dyes };
}
