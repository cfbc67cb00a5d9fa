import { Document, type Material, type Node, NodeIO, type Primitive } from "@gltf-transform/core";
import { ALL_EXTENSIONS } from "@gltf-transform/extensions";

export interface Geometry {
  positions: number[];
  indices: number[];
  normals?: number[];
  uvs?: number[];
  /** Red, green, blue, linear. */
  colours?: number[];
}

const FACES: { normal: number[]; right: number[]; up: number[] }[] = [
  { normal: [0, 0, 1], right: [1, 0, 0], up: [0, 1, 0] },
  { normal: [0, 0, -1], right: [-1, 0, 0], up: [0, 1, 0] },
  { normal: [1, 0, 0], right: [0, 0, -1], up: [0, 1, 0] },
  { normal: [-1, 0, 0], right: [0, 0, 1], up: [0, 1, 0] },
  { normal: [0, 1, 0], right: [1, 0, 0], up: [0, 0, -1] },
  { normal: [0, -1, 0], right: [1, 0, 0], up: [0, 0, 1] },
];

/** A box about the origin, metres; the front (+Z) is the first face, the bottom the last. 24 vertices, 12 triangles. */
export function box(
  size: [number, number, number],
  faceCount = 6,
): Geometry & { normals: number[]; uvs: number[] } {
  const geometry = { positions: [], indices: [], normals: [], uvs: [] } as Record<string, number[]>;
  for (const [face, { normal, right, up }] of FACES.slice(0, faceCount).entries()) {
    for (const [u, v] of [
      [0, 1],
      [1, 1],
      [1, 0],
      [0, 0],
    ]) {
      const corner = size.map(
        (extent, axis) => (extent / 2) * (normal[axis] + right[axis] * (2 * u - 1) + up[axis] * (1 - 2 * v)),
      );
      geometry.positions.push(...corner);
      geometry.normals.push(...normal);
      geometry.uvs.push(u, v);
    }
    geometry.indices.push(...[0, 1, 2, 0, 2, 3].map((index) => face * 4 + index));
  }
  return geometry as unknown as Geometry & { normals: number[]; uvs: number[] };
}

/** A closed ball about the origin with smooth normals; `rings` × `rings` × 4 triangles or so. */
export function ball(radius: number, rings: number): Geometry {
  const geometry: Required<Omit<Geometry, "colours">> = { positions: [], indices: [], normals: [], uvs: [] };
  const columns = rings * 2;
  for (let ring = 0; ring <= rings; ring++) {
    for (let column = 0; column <= columns; column++) {
      const polar = (Math.PI * ring) / rings;
      const turn = (2 * Math.PI * (column % columns)) / columns;
      const sin = ring === 0 || ring === rings ? 0 : Math.sin(polar);
      const normal = [sin * Math.sin(turn), Math.cos(polar), sin * Math.cos(turn)];
      geometry.positions.push(...normal.map((value) => value * radius));
      geometry.normals.push(...normal);
      geometry.uvs.push(column / columns, ring / rings);
    }
  }
  for (let ring = 0; ring < rings; ring++) {
    for (let column = 0; column < columns; column++) {
      const a = ring * (columns + 1) + column;
      const b = a + columns + 1;
      if (ring > 0) geometry.indices.push(a, b, a + 1);
      if (ring < rings - 1) geometry.indices.push(a + 1, b, b + 1);
    }
  }
  return geometry;
}

/** A document with one scene and short ways to fill it. */
export class GlbBuilder {
  readonly document = new Document();
  readonly scene = this.document.createScene();
  readonly #buffer = this.document.createBuffer();

  accessor(
    type: "SCALAR" | "VEC2" | "VEC3" | "VEC4" | "MAT4",
    values: ArrayLike<number>,
    Kind: typeof Float32Array | typeof Uint32Array | typeof Uint8Array = Float32Array,
  ) {
    return this.document.createAccessor().setType(type).setArray(Kind.from(values)).setBuffer(this.#buffer);
  }

  primitive(geometry: Geometry, material?: Material): Primitive {
    const primitive = this.document
      .createPrimitive()
      .setAttribute("POSITION", this.accessor("VEC3", geometry.positions))
      .setIndices(this.accessor("SCALAR", geometry.indices, Uint32Array));
    if (geometry.normals) primitive.setAttribute("NORMAL", this.accessor("VEC3", geometry.normals));
    if (geometry.uvs) primitive.setAttribute("TEXCOORD_0", this.accessor("VEC2", geometry.uvs));
    if (geometry.colours) primitive.setAttribute("COLOR_0", this.accessor("VEC3", geometry.colours));
    return primitive.setMaterial(material ?? null);
  }

  node(...primitives: Primitive[]): Node {
    const mesh = this.document.createMesh();
    for (const primitive of primitives) mesh.addPrimitive(primitive);
    const node = this.document.createNode().setMesh(mesh);
    this.scene.addChild(node);
    return node;
  }

  add(geometry: Geometry, material?: Material): Node {
    return this.node(this.primitive(geometry, material));
  }

  textured(image: Uint8Array, mimeType = "image/png"): Material {
    const texture = this.document.createTexture("picture").setImage(image).setMimeType(mimeType);
    return this.document.createMaterial().setBaseColorTexture(texture);
  }

  async build(): Promise<Buffer> {
    const io = new NodeIO().registerExtensions(ALL_EXTENSIONS);
    return Buffer.from(await io.writeBinary(this.document));
  }
}

/** One box as GLB. */
export function boxGlb(size: [number, number, number]): Promise<Buffer> {
  const builder = new GlbBuilder();
  builder.add(box(size));
  return builder.build();
}

/** Packs any JSON and bytes into the frame of a GLB, right or wrong. */
export function packGlb(json: unknown, binary: Uint8Array = new Uint8Array(0)): Buffer {
  const pad = (bytes: Buffer, filler: number) =>
    Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, filler)]);
  const chunk = (type: number, content: Buffer) => {
    const header = Buffer.alloc(8);
    header.writeUInt32LE(content.length, 0);
    header.writeUInt32LE(type, 4);
    return Buffer.concat([header, content]);
  };
  const text = typeof json === "string" ? json : JSON.stringify(json);
  const chunks = [chunk(0x4e4f534a, pad(Buffer.from(text), 0x20))];
  if (binary.length) chunks.push(chunk(0x004e4942, pad(Buffer.from(binary), 0)));
  const body = Buffer.concat(chunks);
  const header = Buffer.alloc(12);
  header.writeUInt32LE(0x46546c67, 0);
  header.writeUInt32LE(2, 4);
  header.writeUInt32LE(12 + body.length, 8);
  return Buffer.concat([header, body]);
}

// biome-ignore lint/suspicious/noExplicitAny: a test bends the JSON in ways that no type allows
export type LooseJson = Record<string, any>;

/** Takes a GLB apart, lets `change` alter its JSON, and packs it again. */
export function alterGlb(glb: Buffer, change: (json: LooseJson) => void): Buffer {
  const jsonLength = glb.readUInt32LE(12);
  const json = JSON.parse(glb.toString("utf8", 20, 20 + jsonLength));
  change(json);
  return packGlb(json, glb.subarray(20 + jsonLength + 8));
}
