import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EXTTextureWebP } from "@gltf-transform/extensions";
import sharp from "sharp";
import type { DimensionsInput } from "../../server/contract/common.ts";
import { describeMesh } from "../support/exports/read-stl.ts";
import { alterGlb, ball, box, boxGlb, GlbBuilder } from "../support/make-glb.ts";
import { withModelProcessor } from "../support/model-processor.ts";
import {
  animated,
  halves,
  lacquered,
  noisyPicture,
  packedGlb,
  shortestGlb,
  specular,
  wavyBall,
} from "../support/model-zoo.ts";
import { readWithThree } from "../support/three-glb.ts";

const SHORTEST_BYTES = 500;
const PLACE_BYTES = 100;

const bench = withModelProcessor();
const wanted = (extents: Partial<DimensionsInput>): DimensionsInput => ({ unit: "cm", ...extents });

/** Extents as three sees them, against those that were promised. */
async function assertExtents(content: Buffer, expected: readonly number[], share = 1e-4) {
  const { extents, low, high } = await readWithThree(content);
  for (const [axis, extent] of expected.entries()) {
    assert.ok(Math.abs(extents[axis] - extent) <= extent * share + 1e-9, `${extents} is not ${expected}`);
  }
  const size = Math.max(...expected);
  assert.ok(Math.abs(low[1]) < size * 1e-4, `stands on the ground: ${low}`);
  assert.ok(Math.abs(low[0] + high[0]) < size * 1e-4 && Math.abs(low[2] + high[2]) < size * 1e-4, "centred");
}

const boxExtents = ({ stats }: Awaited<ReturnType<typeof bench.run>>) =>
  stats.boundingBoxMetres.max.map((value, axis) => value - stats.boundingBoxMetres.min[axis]);

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

describe("delivery: never larger than the original", () => {
  const cases: [string, () => Buffer | Promise<Buffer>][] = [
    ["a single triangle of few words", shortestGlb],
    ["a small box", () => boxGlb([1, 2, 3])],
    [
      "a small moved box",
      async () => {
        const builder = new GlbBuilder();
        builder.add(box([1, 1, 1])).setTranslation([3, 1, 4]);
        return builder.build();
      },
    ],
    [
      "meshopt already",
      async () => {
        const builder = new GlbBuilder();
        builder.add(wavyBall(50));
        return packedGlb(builder, "meshopt");
      },
    ],
    [
      "a picture of few colours",
      async () => {
        const builder = new GlbBuilder();
        const picture = await sharp({ create: { width: 900, height: 900, channels: 3, background: "#a52" } })
          .png({ palette: true })
          .toBuffer();
        builder.add(box([1, 1, 1]), builder.textured(picture));
        return builder.build();
      },
    ],
    [
      "small WebP textures",
      async () => {
        const builder = new GlbBuilder();
        builder.document.createExtension(EXTTextureWebP).setRequired(true);
        const picture = await sharp(await noisyPicture(128))
          .webp({ quality: 20 })
          .toBuffer();
        builder.add(box([1, 1, 1]), builder.textured(picture, "image/webp"));
        return builder.build();
      },
    ],
    [
      "many small parts",
      async () => {
        const builder = new GlbBuilder();
        const colour = () =>
          builder.document.createMaterial().setBaseColorFactor([Math.abs(Math.sin(colours++)), 0.5, 0.5, 1]);
        let colours = 0;
        for (let part = 0; part < 30; part++)
          builder.add(box([1, 1, 1]), colour()).setTranslation([part, 0, 0]);
        return builder.build();
      },
    ],
    ["something that moves", () => animated().build()],
    [
      "points besides triangles",
      async () => {
        const builder = new GlbBuilder();
        builder.node(builder.primitive(ball(1, 8)), builder.primitive(box([1, 1, 1])).setMode(0));
        return builder.build();
      },
    ],
    [
      "our own delivery again",
      async () => {
        const builder = new GlbBuilder();
        builder.add(wavyBall(40), builder.textured(await noisyPicture(256), "image/jpeg"));
        return (await bench.run(await builder.build())).content;
      },
    ],
  ];
  for (const [name, make] of cases) {
    it(name, async () => {
      const glb = await make();
      for (const dimensions of [null, wanted({ length: 77.7 })]) {
        const result = await bench.run(glb, { dimensions });
        // What is shorter than the words that say its size and place has nothing to save them on.
        const limit = glb.length < SHORTEST_BYTES ? glb.length + PLACE_BYTES : glb.length;
        const said = `${result.content.length} of ${glb.length}: ${result.stats.delivery?.method}`;
        assert.ok(result.content.length <= limit, said);
        await assertExtents(result.content, boxExtents(result));
      }
    });
  }

  it("unless rules were broken that the original must not be shown with", async () => {
    const broken = alterGlb(await boxGlb([1, 1, 1]), (json) => {
      for (const name of ["min", "max"]) json.accessors[0][name] = [9, 9, 9];
    });
    const { content, stats } = await bench.run(broken);
    assert.notEqual(stats.delivery?.method, "placed");
    await assertExtents(content, [1, 1, 1]);
  });
});

describe("delivery: a budget of bytes", () => {
  it("is met by smaller textures first, then by fewer triangles, and said", async () => {
    const builder = new GlbBuilder();
    builder.add(wavyBall(60), builder.textured(await noisyPicture(1024), "image/jpeg"));
    const glb = await builder.build();
    const free = await bench.run(glb);
    assert.deepEqual([free.stats.delivery?.textureSide, free.stats.delivery?.isWithinBudget], [1024, true]);

    const roomy = await bench.run(glb, { maxBytes: 200_000 });
    const { delivery } = roomy.stats;
    assert.ok(delivery?.isWithinBudget && roomy.content.length <= 200_000);
    assert.ok((delivery.textureSide ?? 0) < 1024);
    assert.deepEqual([delivery.triangles, delivery.simplifiedByMetres], [free.stats.triangles, 0]);

    const tight = await bench.run(glb, { maxBytes: 60_000 });
    const fewer = tight.stats.delivery;
    assert.ok(fewer?.isWithinBudget && tight.content.length <= 60_000, `${tight.content.length}`);
    assert.ok(fewer.triangles < free.stats.triangles * 0.9, `${fewer.triangles} triangles`);
    assert.ok(fewer.simplifiedByMetres > 0 && fewer.simplifiedByMetres <= 0.0205, "1 % of 2 m");
    const { corners } = await readWithThree(tight.content);
    const { isWatertight } = describeMesh(corners);
    assert.ok(isWatertight, "no hole is torn");
    for (let at = 0; at < corners.length; at += 3) {
      const radius = Math.hypot(corners[at], corners[at + 1] - boxExtents(tight)[1] / 2, corners[at + 2]);
      assert.ok(radius > 0.95 && radius < 1.05, `a corner at ${radius}`);
    }
    await assertExtents(tight.content, boxExtents(tight), 0.005);

    const hopeless = await bench.run(glb, { maxBytes: 3_000 });
    assert.equal(hopeless.stats.delivery?.isWithinBudget, false);
    assert.ok(hopeless.content.length < tight.content.length);
  });
});
