import { readGlbJson } from "../glb-container.ts";
import type { Placement } from "../true-size.ts";

const GLB_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** As precise as the numbers of the vertices, which have 24 bits. */
const SIGNIFICANT_DIGITS = 8;

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const short = (values: number[]) => values.map((value) => Number(value.toPrecision(SIGNIFICANT_DIGITS)));
const vector = (value: unknown, otherwise: number[]): number[] => (Array.isArray(value) ? value : otherwise);

/** Names of parts that no viewer shows, by list. */
const UNSEEN_NAMES = ["accessors", "bufferViews", "buffers", "samplers", "meshes", "images", "textures"];

function dropUnseenNames(json: Json): void {
  for (const list of UNSEEN_NAMES) for (const entry of objects(json[list])) delete entry.name;
  if (isObject(json.asset)) delete json.asset.generator;
}

/** Whether a node may be scaled and moved along the scene's axes without a word in between. */
function isPlainRoot(json: Json, index: number): boolean {
  const node = objects(json.nodes)[index];
  const isMoved = objects(json.animations)
    .flatMap(({ channels }) => objects(channels))
    .some(({ target }) => isObject(target) && target.node === index);
  return node?.matrix === undefined && node?.rotation === undefined && node?.skin === undefined && !isMoved;
}

function setPlace(node: Json, scale: number[], translation: number[]): void {
  delete node.scale;
  delete node.translation;
  if (scale.some((value) => value !== 1)) node.scale = short(scale);
  if (translation.some((value) => value !== 0)) node.translation = short(translation);
}

function place(json: Json, { scale, offset }: Placement): void {
  const scenes = objects(json.scenes);
  const scene = scenes[typeof json.scene === "number" ? json.scene : 0];
  const nodes = json.nodes as Json[];
  const roots = scene.nodes as number[];
  const isShared = scenes.some((other) => other !== scene);
  if (roots.length === 1 && !isShared && isPlainRoot(json, roots[0])) {
    const root = nodes[roots[0]];
    const own = vector(root.translation, [0, 0, 0]);
    setPlace(
      root,
      vector(root.scale, [1, 1, 1]).map((value, axis) => value * scale[axis]),
      own.map((value, axis) => value * scale[axis] + offset[axis]),
    );
    return;
  }
  nodes.push({ children: roots });
  setPlace(nodes[nodes.length - 1], scale, offset);
  scene.nodes = [nodes.length - 1];
}

function pack(json: Json, rest: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(json));
  const padded = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, " ")]);
  const header = Buffer.alloc(GLB_HEADER_BYTES + CHUNK_HEADER_BYTES);
  header.write("glTF", 0, "latin1");
  header.writeUInt32LE(2, 4);
  header.writeUInt32LE(header.length + padded.length + rest.length, 8);
  header.writeUInt32LE(padded.length, GLB_HEADER_BYTES);
  header.write("JSON", GLB_HEADER_BYTES + 4, "latin1");
  return Buffer.concat([header, padded, rest]);
}

/**
 * The original with nothing but its size and place changed: its JSON says where it stands, its binary part stays as it
 * is. Names that no viewer shows go where they would make the file larger than it was. For originals that are packed
 * better than this product can, or so small that anything added shows.
 * @param source a valid GLB with at least one root node
 */
export function placeOriginal(source: Buffer, placement: Placement): Buffer {
  const isPlaced =
    placement.scale.every((value) => value === 1) && placement.offset.every((value) => value === 0);
  if (isPlaced) return source;
  const json = readGlbJson(source);
  const rest = source.subarray(GLB_HEADER_BYTES + CHUNK_HEADER_BYTES + source.readUInt32LE(GLB_HEADER_BYTES));
  place(json, placement);
  const placed = pack(json, rest);
  if (placed.length <= source.length) return placed;
  dropUnseenNames(json);
  return pack(json, rest);
}
