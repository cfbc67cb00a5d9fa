import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import sharp from "sharp";
import type { DimensionsInput } from "../../server/contract/common.ts";
import { ball, box, boxGlb, GlbBuilder } from "../support/make-glb.ts";
import { assertClose, withModelProcessor } from "../support/model-processor.ts";

const bench = withModelProcessor();
const wanted = (extents: Partial<DimensionsInput>): DimensionsInput => ({ unit: "cm", ...extents });

describe("model processor: size and shape", () => {
  it("keeps the size of a plain box, stands it on the origin and tells the facts", async () => {
    const builder = new GlbBuilder();
    builder.add(box([2, 1, 4])).setTranslation([5, 7, -3]);
    const stages: string[] = [];
    const result = await bench.run(await builder.build(), { onStage: (stage) => stages.push(stage) });
    assert.deepEqual(result.dimensions, { length: 200, width: 400, height: 100, unit: "cm" });
    assertClose(result.stats.boundingBoxMetres.min, [-1, 0, -2], "min");
    assertClose(result.stats.boundingBoxMetres.max, [1, 1, 2], "max");
    const { triangles, vertices, materials, textures, watertight } = result.stats;
    assert.deepEqual([triangles, vertices, materials, textures, watertight], [12, 24, 0, [], true]);
    assert.deepEqual(stages, ["checking", "optimizing", "thumbnail"]);
    assert.equal(result.delivery.sha256, createHash("sha256").update(result.content).digest("hex"));
    assert.equal(result.delivery.bytes, result.content.length);
    const poster = await sharp(await readFile(result.thumbnail.path)).metadata();
    assert.deepEqual([poster.format, poster.width, poster.height, poster.hasAlpha], ["webp", 512, 512, true]);
  });

  it("makes the same bytes each time", async () => {
    const glb = await boxGlb([1, 2, 3]);
    const [one, other] = [await bench.run(glb), await bench.run(glb)];
    assert.equal(one.delivery.sha256, other.delivery.sha256);
    assert.equal(one.thumbnail.sha256, other.thumbnail.sha256);
  });

  for (const [name, input, expected] of [
    ["one extent: all follow alike", { height: 50 }, { length: 100, width: 200, height: 50, unit: "cm" }],
    [
      "two: the third by the geometric mean",
      { length: 50, height: 400 },
      { length: 50, width: 400, height: 400, unit: "cm" },
    ],
    [
      "three: all exact",
      { length: 1, width: 2, height: 3, unit: "m" },
      { length: 1, width: 2, height: 3, unit: "m" },
    ],
    ["inches", { width: 10, unit: "in" }, { length: 5, width: 10, height: 2.5, unit: "in" }],
  ] as const) {
    it(`gives true size, ${name}`, async () => {
      const { dimensions, stats, document } = await bench.run(await boxGlb([2, 1, 4]), {
        dimensions: wanted(input),
      });
      assert.deepEqual(dimensions, expected);
      const metres = { cm: 0.01, m: 1, in: 0.0254 }[dimensions.unit as "cm" | "m" | "in"];
      const half = [(dimensions.length * metres) / 2, (dimensions.width * metres) / 2];
      assertClose(stats.boundingBoxMetres.max, [half[0], dimensions.height * metres, half[1]], "max");
      const [top] = document.getRoot().getDefaultScene()!.listChildren();
      assertClose(
        top.getScale(),
        [dimensions.length / 2, dimensions.height, dimensions.width / 4].map((extent) => extent * metres),
        "scale of the root node",
      );
    });
  }

  it("measures turned nodes by their vertices", async () => {
    const builder = new GlbBuilder();
    const parent = builder.document
      .createNode()
      .setRotation([0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)]);
    builder.scene.addChild(parent);
    const child = builder.add(ball(1, 24)).setRotation([0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)]);
    parent.addChild(child.setScale([1, 1, 2]));
    const { dimensions } = await bench.run(await builder.build());
    assertClose(
      [dimensions.length, dimensions.height, dimensions.width],
      [400, 200, 200],
      "turned by 90 degrees",
    );
  });

  it("knows a closed surface from an open one", async () => {
    const cases: [string, (builder: GlbBuilder) => void, boolean][] = [
      ["ball", (builder) => builder.add(ball(1, 16)), true],
      ["open box", (builder) => builder.add(box([1, 1, 1], 5)), false],
      [
        "box in two parts",
        (builder) => {
          const whole = box([1, 1, 1]);
          const part = (from: number, to: number) => ({ ...whole, indices: whole.indices.slice(from, to) });
          builder.node(builder.primitive(part(0, 18)), builder.primitive(part(18, 36)));
        },
        true,
      ],
      [
        "one face turned over",
        (builder) => {
          const whole = box([1, 1, 1]);
          whole.indices.splice(0, 3, 2, 1, 0);
          builder.add(whole);
        },
        false,
      ],
      [
        "one face twice",
        (builder) => {
          const whole = box([1, 1, 1]);
          whole.indices.push(...whole.indices.slice(0, 3));
          builder.add(whole);
        },
        false,
      ],
      ["mirrored ball", (builder) => builder.add(ball(1, 8)).setScale([-1, 1, 1]), true],
    ];
    for (const [name, fill, expected] of cases) {
      const builder = new GlbBuilder();
      fill(builder);
      assert.equal((await bench.run(await builder.build())).stats.watertight, expected, name);
    }
  });
});
