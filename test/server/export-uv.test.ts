import assert from "node:assert/strict";
import { test } from "node:test";
import { KHRTextureTransform } from "@gltf-transform/extensions";
import { Matrix3, Vector2 } from "three";
import { bakedUv, uvKey } from "../../server/assets/export/uv.ts";
import type { WorldPart } from "../../server/assets/world-mesh.ts";
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
