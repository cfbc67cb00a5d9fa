import assert from "node:assert/strict";
import { test } from "node:test";
import { KHRTextureTransform } from "@gltf-transform/extensions";
import { Matrix3, Vector2 } from "three";
import { prepareDocument } from "../../server/assets/delivery/prepare.ts";
import { writeUsdz } from "../../server/assets/export/usdz.ts";
import { bakedUv, uvKey } from "../../server/assets/export/uv.ts";
import { boundingBox, readWorldParts, type WorldPart } from "../../server/assets/world-mesh.ts";
import { readUsdz } from "../support/exports/read-usdz.ts";
import { SAMPLE_PROVENANCE } from "../support/exports/sample.ts";
import { box, GlbBuilder } from "../support/make-glb.ts";

test("a texture that is moved, turned and scaled lies as three.js lays it", () => {
  const builder = new GlbBuilder();
  const geometry = box([1, 1, 1]);
  const material = builder.textured(new Uint8Array(1));
  const primitive = builder.primitive(geometry, material);
  const info = material.getBaseColorTextureInfo()!;
  const plain = uvKey(info);
  const transform = builder.document
    .createExtension(KHRTextureTransform)
    .createTransform()
    .setOffset([0.25, -0.5])
    .setRotation(0.7)
    .setScale([2, 2]);
  info.setExtension("KHR_texture_transform", transform);
  assert.notEqual(uvKey(info), plain);
  const baked = bakedUv({ primitive } as WorldPart, info)!;
  const matrix = new Matrix3().setUvTransform(0.25, -0.5, 2, 2, 0.7, 0, 0);
  for (let at = 0; at < baked.length; at += 2) {
    const { x, y } = new Vector2(geometry.uvs[at], geometry.uvs[at + 1]).applyMatrix3(matrix);
    assert.ok(Math.abs(baked[at] - x) < 1e-6 && Math.abs(baked[at + 1] - y) < 1e-6);
  }
});

test("coordinates that only the transform of a texture names stay, and lie as they should", async () => {
  const builder = new GlbBuilder();
  const geometry = box([1, 1, 1]);
  const material = builder.textured(new Uint8Array(1));
  const primitive = builder.primitive(geometry, material);
  const halves = geometry.uvs.map((value) => value / 2);
  primitive.setAttribute("TEXCOORD_1", builder.accessor("VEC2", halves));
  builder.node(primitive);
  const extension = builder.document.createExtension(KHRTextureTransform);
  const transform = extension.createTransform().setTexCoord(1).setScale([2, 4]);
  material.getBaseColorTextureInfo()!.setExtension("KHR_texture_transform", transform);
  const [part] = readWorldParts(await prepareDocument(await builder.build()));
  const baked = bakedUv(part, part.material!.getBaseColorTextureInfo()!)!;
  assert.deepEqual(
    [...baked],
    geometry.uvs.map((value, at) => (at % 2 === 0 ? value : value * 2)),
  );
});

test("the colour of a material dyes the colours of vertices in USDZ", async () => {
  const builder = new GlbBuilder();
  const geometry = box([1, 1, 1]);
  const grey = builder.document.createMaterial().setBaseColorFactor([0.5, 0.25, 1, 1]);
  builder.add({ ...geometry, colours: geometry.positions.map(() => 0.5) }, grey);
  const document = await prepareDocument(await builder.build());
  const parts = readWorldParts(document);
  const input = { document, parts, box: boundingBox(parts), name: "Grey", provenance: SAMPLE_PROVENANCE };
  const { text } = await readUsdz(Buffer.from(await writeUsdz(input)));
  assert.match(text, /primvars:displayColor = \[\(0\.25,0\.125,0\.5\)/);
});
