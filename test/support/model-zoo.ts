import { NodeIO } from "@gltf-transform/core";
import {
  ALL_EXTENSIONS,
  EXTMeshoptCompression,
  KHRDracoMeshCompression,
  KHRMaterialsClearcoat,
  KHRMaterialsPBRSpecularGlossiness,
  KHRMaterialsUnlit,
  KHRMaterialsVolume,
} from "@gltf-transform/extensions";
import draco from "draco3dgltf";
import { MeshoptEncoder } from "meshoptimizer/encoder";
import sharp from "sharp";
import { ball, box, GlbBuilder, packGlb } from "./make-glb.ts";

/** A picture that compresses badly, as photos do; the same each time. */
export function noisyPicture(side: number): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side * 3);
  let seed = 7;
  for (let at = 0; at < pixels.length; at++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    pixels[at] = 128 + 60 * Math.sin(at / 900) + ((seed >> 16) % 40);
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** A ball with waves, about 2 m across. */
export function wavyBall(rings: number) {
  const geometry = ball(1, rings);
  for (let at = 0; at < geometry.positions.length; at += 3) {
    const [x, y, z] = geometry.positions.slice(at, at + 3);
    const wave = 1 + 0.02 * Math.sin(x * 17) * Math.sin(y * 19) * Math.sin(z * 23);
    for (let axis = 0; axis < 3; axis++) geometry.positions[at + axis] *= wave;
  }
  return geometry;
}

/** The shortest GLB that a person could write: one triangle at the origin, no name, no generator. */
export function shortestGlb(): Buffer {
  const binary = Buffer.alloc(36);
  for (const [at, value] of [0, 0, 0, 1, 0, 0, 0, 1, 0].entries()) binary.writeFloatLE(value, at * 4);
  return packGlb(
    {
      asset: { version: "2.0" },
      scene: 0,
      scenes: [{ nodes: [0] }],
      nodes: [{ mesh: 0 }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
      accessors: [
        { bufferView: 0, componentType: 5126, type: "VEC3", count: 3, min: [0, 0, 0], max: [1, 1, 0] },
      ],
      bufferViews: [{ buffer: 0, byteLength: 36 }],
      buffers: [{ byteLength: 36 }],
    },
    binary,
  );
}

/** Packs a builder's document with one of the compressions that models come with. */
export async function packedGlb(builder: GlbBuilder, how: "meshopt" | "draco"): Promise<Buffer> {
  await MeshoptEncoder.ready;
  const io = new NodeIO().registerExtensions(ALL_EXTENSIONS).registerDependencies({
    "meshopt.encoder": MeshoptEncoder,
    "draco3d.encoder": await draco.createEncoderModule(),
    "draco3d.decoder": await draco.createDecoderModule(),
  });
  if (how === "draco") builder.document.createExtension(KHRDracoMeshCompression).setRequired(true);
  else builder.document.createExtension(EXTMeshoptCompression).setRequired(true);
  return Buffer.from(await io.writeBinary(builder.document));
}

/** A box that a joint carries up and down, with extras on its node. */
export function animated(): GlbBuilder {
  const builder = new GlbBuilder();
  const { document } = builder;
  const node = builder
    .add(box([1, 1, 1]))
    .setName("lid")
    .setExtras({ part: 7 });
  const sampler = document
    .createAnimationSampler()
    .setInput(builder.accessor("SCALAR", [0, 12]))
    .setOutput(builder.accessor("VEC3", [0, 0, 0, 0, 1, 0]));
  const channel = document
    .createAnimationChannel()
    .setTargetNode(node)
    .setTargetPath("translation")
    .setSampler(sampler);
  document.createAnimation("open").addSampler(sampler).addChannel(channel);
  return builder;
}

/** Three boxes in a row: lacquered, unlit and of coloured glass. */
export function lacquered(): GlbBuilder {
  const builder = new GlbBuilder();
  const { document } = builder;
  const lacquer = document.createExtension(KHRMaterialsClearcoat).createClearcoat().setClearcoatFactor(0.75);
  const glass = document
    .createExtension(KHRMaterialsVolume)
    .createVolume()
    .setThicknessFactor(0.2)
    .setAttenuationColor([0.2, 0.9, 0.4]);
  const materials = [
    document.createMaterial("lacquer").setExtension("KHR_materials_clearcoat", lacquer),
    document
      .createMaterial("sign")
      .setExtension("KHR_materials_unlit", document.createExtension(KHRMaterialsUnlit).createUnlit()),
    document.createMaterial("glass").setExtension("KHR_materials_volume", glass),
  ];
  for (const [index, material] of materials.entries()) {
    builder.add(box([1, 1, 1]), material).setTranslation([index * 1.5, 0, 0]);
  }
  return builder;
}

/** A ball of the materials that came before metal and roughness. */
export function specular(): GlbBuilder {
  const builder = new GlbBuilder();
  const { document } = builder;
  const old = document
    .createExtension(KHRMaterialsPBRSpecularGlossiness)
    .createPBRSpecularGlossiness()
    .setDiffuseFactor([0.9, 0.1, 0.1, 1]);
  const material = document.createMaterial().setExtension("KHR_materials_pbrSpecularGlossiness", old);
  builder.add(ball(1, 12), material);
  return builder;
}

/** A ball of two halves with a material each; the seam between them must not open. */
export function halves(rings: number): GlbBuilder {
  const builder = new GlbBuilder();
  const whole = wavyBall(rings);
  const half = Math.floor(whole.indices.length / 6) * 3;
  for (const [index, colour] of [
    [0.8, 0.2, 0.2, 1],
    [0.2, 0.2, 0.8, 1],
  ].entries()) {
    const indices = index === 0 ? whole.indices.slice(0, half) : whole.indices.slice(half);
    const material = builder.document
      .createMaterial()
      .setBaseColorFactor(colour as [number, number, number, number]);
    builder.add({ ...whole, indices }, material);
  }
  return builder;
}
