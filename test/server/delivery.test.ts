import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DimensionsInput } from "../../server/contract/common.ts";
import { assertExtents, boxExtents } from "../support/delivery-checks.ts";
import { describeMesh } from "../support/exports/read-stl.ts";
import { ball, box, GlbBuilder } from "../support/make-glb.ts";
import { withModelProcessor } from "../support/model-processor.ts";
import {
  animated,
  halves,
  lacquered,
  noisyPicture,
  packedGlb,
  specular,
  wavyBall,
} from "../support/model-zoo.ts";
import { readWithThree } from "../support/three-glb.ts";

const bench = withModelProcessor();
const wanted = (extents: Partial<DimensionsInput>): DimensionsInput => ({ unit: "cm", ...extents });

describe("delivery: packed", () => {
  it("draws a textured model at once, compressed, at the asked size", async () => {
    const builder = new GlbBuilder();
    const material = builder.textured(await noisyPicture(256), "image/jpeg");
    builder.add(wavyBall(60), material);
    builder
      .add(box([1, 1, 1]), material)
      .setTranslation([3, 0, 0])
      .setScale([-1, 2, 1]);
    const glb = await builder.build();
    const result = await bench.run(glb, { dimensions: wanted({ length: 123.4 }) });
    const { delivery } = result.stats;
    assert.ok(
      delivery && result.content.length < glb.length / 3,
      `${result.content.length} of ${glb.length}`,
    );
    assert.deepEqual(
      [delivery.method, delivery.drawCalls, delivery.triangles, delivery.textureSide, delivery.maxBytes],
      ["packed", 1, result.stats.triangles, 256, null],
    );
    assert.deepEqual([delivery.bytes, delivery.originalBytes], [result.content.length, glb.length]);
    assert.ok(delivery.positionStepMetres > 0 && delivery.positionStepMetres < 1.234 / 60_000);
    const { meshes } = await readWithThree(result.content);
    assert.equal(meshes.length, 1);
    await assertExtents(result.content, boxExtents(result));
    assert.ok(Math.abs(boxExtents(result)[0] - 1.234) < 1e-6);
    const { isWatertight, volume } = describeMesh((await readWithThree(result.content)).corners);
    assert.ok(isWatertight && volume > 0, "a mirrored part still looks outwards");
  });

  it("opens no seam between materials", async () => {
    const { content, stats } = await bench.run(await halves(70).build(), {
      dimensions: wanted({ height: 33.3 }),
    });
    assert.equal(stats.delivery?.method, "packed");
    assert.equal(stats.delivery.drawCalls, 2);
    const { corners } = await readWithThree(content);
    assert.ok(describeMesh(corners).isWatertight, "equal corners stay equal on the grid");
  });

  it("keeps a thin sheet exactly as thick as it is", async () => {
    for (const [size, share] of [
      [[2, 0.02, 1], 1e-4],
      [[2, 0.0004, 1], 1e-4],
    ] as const) {
      const builder = new GlbBuilder();
      for (let x = 0; x < 40; x++) {
        builder.add(box([size[0] / 40, size[1], size[2]])).setTranslation([(x * size[0]) / 40, 0.123, 0]);
      }
      const { content, stats } = await bench.run(await builder.build());
      assert.equal(stats.delivery?.method, "packed");
      await assertExtents(content, size, share);
    }
  });

  it("leaves what moves or carries data of its own in its tree", async () => {
    const { content, document, stats } = await bench.run(await animated().build());
    const node = document
      .getRoot()
      .listNodes()
      .find((found) => found.getName() === "lid");
    assert.deepEqual(node?.getExtras(), { part: 7 });
    assert.equal((await readWithThree(content)).animations, 1);
    assert.deepEqual(stats.features, {
      animations: 1,
      animationSeconds: 12,
      joints: 0,
      morphTargets: false,
      vertexColours: false,
      uvSets: 1,
    });
  });

  it("keeps materials beyond the core, and turns the old kind into the new", async () => {
    const { document } = await bench.run(await lacquered().build());
    const materials = new Map(
      document
        .getRoot()
        .listMaterials()
        .map((material) => [material.getName(), material]),
    );
    const json = (name: string, extension: string) => materials.get(name)?.getExtension(extension);
    assert.ok(json("lacquer", "KHR_materials_clearcoat"));
    assert.ok(json("sign", "KHR_materials_unlit"));
    assert.ok(json("glass", "KHR_materials_volume"));
    const old = await bench.run(await specular().build());
    const [material] = old.document.getRoot().listMaterials();
    assert.equal(material.getExtension("KHR_materials_pbrSpecularGlossiness"), null);
    assert.deepEqual(
      material.getBaseColorFactor().map((value) => Math.round(value * 10)),
      [9, 1, 1, 10],
    );
  });

  it("reads Draco, which viewers don't, and delivers what they do", async () => {
    const builder = new GlbBuilder();
    builder.add(wavyBall(50));
    const glb = await packedGlb(builder, "draco");
    assert.ok(glb.includes("KHR_draco_mesh_compression"));
    const result = await bench.run(glb, { dimensions: wanted({ width: 10 }) });
    assert.ok(!result.content.includes("KHR_draco_mesh_compression"));
    assert.equal(result.stats.triangles, 9800);
    await assertExtents(result.content, boxExtents(result));
  });

  it("keeps colours of vertices, also of a ball whose normals are its positions", async () => {
    const builder = new GlbBuilder();
    const geometry = ball(1, 40);
    const colours = geometry.positions.map((value) => Math.abs(value));
    builder.add({ ...geometry, colours });
    const { content, stats } = await bench.run(await builder.build());
    assert.ok(stats.features?.vertexColours);
    await assertExtents(content, [2, 2, 2]);
    const [mesh] = (await readWithThree(content)).meshes;
    const [colour, position] = ["color", "position"].map((name) => mesh.geometry.getAttribute(name));
    for (let vertex = 0; vertex < position.count; vertex++) {
      assert.ok(Math.abs(colour.getY(vertex) - Math.abs(position.getY(vertex))) < 1e-3);
    }
  });
});
