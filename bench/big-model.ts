import { Document, NodeIO } from "@gltf-transform/core";
import sharp from "sharp";

const COLUMNS = 200;
const ROWS = 126;
const TEXTURE_PIXELS = 2048;
const JPEG_QUALITY = 99;
const OCTAVES = 6;
/** Octaves below this many cells across would make one blot. */
const COARSEST_CELLS = 8;

/** Repeatable value from 0 to 1 for a place of a grid (an integer hash of the kind of Wang's). */
function hash(x: number, y: number, salt: number): number {
  let value = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(salt, 2147483647);
  value = Math.imul(value ^ (value >>> 13), 1274126177);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}

/** Smooth noise of several sizes, 0 to 1: as much detail as a photo has. */
function noise(u: number, v: number, salt: number): number {
  let [sum, weight, total] = [0, 1, 0];
  for (let octave = 0; octave < OCTAVES; octave++) {
    const cells = COARSEST_CELLS * 3 ** octave;
    const [x, y] = [u * cells, v * cells];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [a, b] = [x - column, y - row];
    const at = (dx: number, dy: number) => hash((column + dx) % cells, row + dy, salt + octave);
    sum += weight * ((at(0, 0) * (1 - a) + at(1, 0) * a) * (1 - b) + (at(0, 1) * (1 - a) + at(1, 1) * a) * b);
    total += weight;
    weight *= 0.85;
  }
  return sum / total;
}

/** A picture with fine and coarse detail, JPEG. */
function texture(): Promise<Buffer> {
  const shades = new Float32Array(TEXTURE_PIXELS * TEXTURE_PIXELS);
  for (let y = 0; y < TEXTURE_PIXELS; y++) {
    for (let x = 0; x < TEXTURE_PIXELS; x++) {
      shades[y * TEXTURE_PIXELS + x] = noise(x / TEXTURE_PIXELS, y / TEXTURE_PIXELS, 7);
    }
  }
  const pixels = Buffer.alloc(shades.length * 3);
  for (let y = 0; y < TEXTURE_PIXELS; y++) {
    for (let x = 0; x < TEXTURE_PIXELS; x++) {
      const shade = shades[y * TEXTURE_PIXELS + x];
      const tint = shades[x * TEXTURE_PIXELS + y];
      const at = (y * TEXTURE_PIXELS + x) * 3;
      pixels[at] = 60 + 190 * shade;
      pixels[at + 1] = 40 + 120 * shade + 60 * tint;
      pixels[at + 2] = 30 + 90 * tint + 60 * shade;
    }
  }
  const raw = { width: TEXTURE_PIXELS, height: TEXTURE_PIXELS, channels: 3 as const };
  return sharp(pixels, { raw }).jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" }).toBuffer();
}

/**
 * A GLB that is the same each time: a lumpy vase of 50 000 triangles, one square texture of 2048 pixels, some
 * 5 MB.
 */
export async function bigModel(): Promise<Buffer> {
  const document = new Document();
  const buffer = document.createBuffer();
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let row = 0; row <= ROWS; row++) {
    for (let column = 0; column <= COLUMNS; column++) {
      const turn = (2 * Math.PI * column) / COLUMNS;
      const height = row / ROWS;
      const lump = 0.02 * noise((column % COLUMNS) / COLUMNS, height, 3);
      const radius = 0.12 + 0.06 * Math.sin(height * 5) + lump;
      positions.push(radius * Math.sin(turn), height * 0.5, radius * Math.cos(turn));
      normals.push(Math.sin(turn), 0, Math.cos(turn));
      uvs.push(column / COLUMNS, 1 - height);
      if (row === ROWS || column === COLUMNS) continue;
      const a = row * (COLUMNS + 1) + column;
      const above = a + COLUMNS + 1;
      indices.push(a, a + 1, above + 1, a, above + 1, above);
    }
  }
  const accessor = (
    type: "SCALAR" | "VEC2" | "VEC3",
    values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  ) => document.createAccessor().setType(type).setArray(values).setBuffer(buffer);
  const picture = document
    .createTexture()
    .setImage(new Uint8Array(await texture()))
    .setMimeType("image/jpeg");
  const material = document
    .createMaterial()
    .setBaseColorTexture(picture)
    .setDoubleSided(true)
    .setMetallicFactor(0)
    .setRoughnessFactor(0.8);
  const primitive = document
    .createPrimitive()
    .setAttribute("POSITION", accessor("VEC3", Float32Array.from(positions)))
    .setAttribute("NORMAL", accessor("VEC3", Float32Array.from(normals)))
    .setAttribute("TEXCOORD_0", accessor("VEC2", Float32Array.from(uvs)))
    .setIndices(accessor("SCALAR", Uint32Array.from(indices)))
    .setMaterial(material);
  const mesh = document.createMesh().addPrimitive(primitive);
  document.createScene().addChild(document.createNode().setMesh(mesh));
  return Buffer.from(await new NodeIO().writeBinary(document));
}
