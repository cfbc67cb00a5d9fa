import sharp from "sharp";
import { alterGlb, ball, box, boxGlb, GlbBuilder, packGlb } from "./make-glb.ts";

async function texturedBox(image: Uint8Array): Promise<Buffer> {
  const builder = new GlbBuilder();
  builder.add(box([1, 1, 1]), builder.textured(image));
  return builder.build();
}

async function crowd(): Promise<Buffer> {
  const builder = new GlbBuilder();
  const first = builder.add(ball(1, 160));
  const mesh = first.getMesh();
  for (let copy = 0; copy < 150; copy++) builder.scene.addChild(builder.document.createNode().setMesh(mesh));
  return builder.build();
}

async function withoutFaces(): Promise<Buffer> {
  const builder = new GlbBuilder();
  builder.node(builder.primitive(box([1, 1, 1])).setMode(0));
  return builder.build();
}

async function strayIndex(): Promise<Buffer> {
  const builder = new GlbBuilder();
  const geometry = box([1, 1, 1]);
  builder.add({ ...geometry, indices: [...geometry.indices, 0, 1, 99] });
  return builder.build();
}

/** Files that call themselves GLB and must be refused, by name. */
export async function makeBadModels(): Promise<Record<string, Buffer>> {
  const good = await boxGlb([1, 1, 1]);
  const png = await sharp({ create: { width: 300, height: 300, channels: 3, background: "#a52" } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const wide = await sharp({ create: { width: 12_500, height: 8, channels: 3, background: "#a52" } })
    .png()
    .toBuffer();
  const asset = { version: "2.0" };
  return {
    "cut off": good.subarray(0, good.length - 40),
    "too long": Buffer.concat([good, Buffer.alloc(64)]),
    "version 1": Buffer.concat([good.subarray(0, 4), Buffer.from([1, 0, 0, 0]), good.subarray(8)]),
    "json too long": Buffer.concat([
      good.subarray(0, 12),
      Buffer.from([255, 255, 255, 127]),
      good.subarray(16),
    ]),
    "json broken": packGlb("{ not json"),
    "json a list": packGlb("[]"),
    "no asset": packGlb({ scenes: [{ nodes: [] }] }),
    "no scene": packGlb({ asset }),
    "no mesh": packGlb({ asset, scene: 0, scenes: [{}] }),
    "types confused": packGlb({
      asset,
      accessors: [null, 3, { count: "many" }],
      nodes: {},
      bufferViews: [[]],
    }),
    "buffer elsewhere": alterGlb(good, (json) => {
      json.buffers[0].uri = "http://127.0.0.1/secret.bin";
    }),
    "image elsewhere": alterGlb(await texturedBox(png), (json) => {
      json.images[0] = { uri: "file:///etc/passwd" };
    }),
    "draco without its data": alterGlb(good, (json) => {
      json.extensionsUsed = json.extensionsRequired = ["KHR_draco_mesh_compression"];
      json.meshes[0].primitives[0].extensions = {
        KHR_draco_mesh_compression: { bufferView: 0, attributes: { POSITION: 0 } },
      };
    }),
    "basis universal": alterGlb(good, (json) => {
      json.extensionsUsed = json.extensionsRequired = ["KHR_texture_basisu"];
    }),
    "unknown required extension": alterGlb(good, (json) => {
      json.extensionsUsed = json.extensionsRequired = ["ACME_secret_sauce"];
    }),
    "index without vertex": await strayIndex(),
    "fewer positions than normals": alterGlb(good, (json) => {
      json.accessors[0].count = 3;
    }),
    "accessor past the end": alterGlb(good, (json) => {
      json.accessors[0].count = 1_000_000;
    }),
    "huge empty accessor": alterGlb(good, (json) => {
      json.accessors.push({ componentType: 5126, type: "MAT4", count: 4_000_000_000 });
    }),
    "huge compressed view": alterGlb(good, (json) => {
      json.extensionsUsed = ["EXT_meshopt_compression"];
      json.bufferViews[0].extensions = {
        EXT_meshopt_compression: {
          buffer: 0,
          byteLength: 16,
          byteStride: 256,
          count: 50_000_000,
          mode: "ATTRIBUTES",
        },
      };
    }),
    "too many nodes": alterGlb(good, (json) => {
      json.nodes = Array.from({ length: 20_001 }, () => ({ mesh: 0 }));
    }),
    "nodes in a circle": alterGlb(good, (json) => {
      json.nodes = [{ mesh: 0, children: [1] }, { children: [0] }];
    }),
    "one mesh far too often": await crowd(),
    "points only": await withoutFaces(),
    "no extent": await boxGlb([0, 0, 0]),
    "no number": await boxGlb([Number.NaN, 1, 1]),
    "texture is text": await texturedBox(Buffer.from("no picture at all")),
    "texture cut off": await texturedBox(png.subarray(0, png.length / 2)),
    "texture too wide": await texturedBox(wide),
  };
}
