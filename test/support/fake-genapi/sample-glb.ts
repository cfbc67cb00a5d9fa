import { Document, NodeIO } from "@gltf-transform/core";
import sharp from "sharp";

const RINGS = 48;
const SEGMENTS = 64;
const HEIGHT_METRES = 0.4;
const TEXTURE_PIXELS = 512;

/** Radius of the vase, metres, at a height between 0 (foot) and 1 (rim). */
const radiusAt = (t: number) => 0.07 + 0.06 * Math.sin(t * Math.PI * 1.35 + 0.25) + 0.015 * t ** 6;

/** A textured vase of some six thousand triangles, made in code: a real result for a fake provider. */
export async function makeSampleGlb(): Promise<Buffer> {
  const document = new Document();
  const buffer = document.createBuffer();
  const { positions, normals, uvs, indices } = lathe();
  const texture = document
    .createTexture("glaze")
    .setImage(await paintGlaze())
    .setMimeType("image/png");
  const material = document
    .createMaterial("glaze")
    .setBaseColorTexture(texture)
    .setRoughnessFactor(0.35)
    .setMetallicFactor(0)
    .setDoubleSided(true);
  const accessor = (
    type: "VEC3" | "VEC2" | "SCALAR",
    array: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>,
  ) => document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const primitive = document
    .createPrimitive()
    .setAttribute("POSITION", accessor("VEC3", positions))
    .setAttribute("NORMAL", accessor("VEC3", normals))
    .setAttribute("TEXCOORD_0", accessor("VEC2", uvs))
    .setIndices(accessor("SCALAR", indices))
    .setMaterial(material);
  const node = document.createNode("vase").setMesh(document.createMesh("vase").addPrimitive(primitive));
  document.createScene("scene").addChild(node);
  return Buffer.from(await new NodeIO().writeBinary(document));
}

/** A surface of revolution about Y, standing on the ground. */
function lathe() {
  const count = (RINGS + 1) * (SEGMENTS + 1);
  const positions = new Float32Array(count * 3);
  const normals = new Float32Array(count * 3);
  const uvs = new Float32Array(count * 2);
  const indices: number[] = [];
  for (let ring = 0, vertex = 0; ring <= RINGS; ring++) {
    const t = ring / RINGS;
    const radius = radiusAt(t);
    const slope = (radiusAt(t + 1e-3) - radiusAt(t - 1e-3)) / (2e-3 * HEIGHT_METRES);
    const length = Math.hypot(1, slope);
    for (let segment = 0; segment <= SEGMENTS; segment++, vertex++) {
      const angle = (segment / SEGMENTS) * Math.PI * 2;
      const [x, z] = [Math.cos(angle), Math.sin(angle)];
      positions.set([x * radius, t * HEIGHT_METRES, z * radius], vertex * 3);
      normals.set([x / length, -slope / length, z / length], vertex * 3);
      uvs.set([segment / SEGMENTS, 1 - t], vertex * 2);
      if (ring < RINGS && segment < SEGMENTS) {
        const above = vertex + SEGMENTS + 1;
        indices.push(vertex, above, vertex + 1, vertex + 1, above, above + 1);
      }
    }
  }
  return { positions, normals, uvs, indices: new Uint16Array(indices) };
}

/** Blue waves on white, as PNG. */
function paintGlaze(): Promise<Buffer> {
  const pixels = Buffer.alloc(TEXTURE_PIXELS * TEXTURE_PIXELS * 3);
  for (let y = 0; y < TEXTURE_PIXELS; y++) {
    for (let x = 0; x < TEXTURE_PIXELS; x++) {
      const u = (x / TEXTURE_PIXELS) * Math.PI * 2;
      const v = y / TEXTURE_PIXELS;
      const wave = Math.sin(v * 40 + Math.sin(u * 6) * 2.5);
      const isBlue = wave > 0.35 && v > 0.12 && v < 0.9;
      const shade = 0.92 + 0.08 * Math.sin(u * 3 + v * 9);
      const color = isBlue ? [28, 78, 150] : [240, 236, 226];
      pixels.set(
        color.map((channel) => channel * shade),
        (y * TEXTURE_PIXELS + x) * 3,
      );
    }
  }
  return sharp(pixels, { raw: { width: TEXTURE_PIXELS, height: TEXTURE_PIXELS, channels: 3 } })
    .png()
    .toBuffer();
}
