import "../../server/assets/image-loaders.ts";
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { EXTTextureWebP } from "@gltf-transform/extensions";
import sharp from "sharp";
import { packed, placedDocument } from "../../server/assets/delivery/attempt.ts";
import { fitBudget } from "../../server/assets/delivery/fit-budget.ts";
import { prepareDocument } from "../../server/assets/delivery/prepare.ts";
import { placementFor } from "../../server/assets/true-size.ts";
import { boundingBox, readWorldParts } from "../../server/assets/world-mesh.ts";
import type { DimensionsInput } from "../../server/contract/common.ts";
import { assertExtents, boxExtents } from "../support/delivery-checks.ts";
import { describeMesh } from "../support/exports/read-stl.ts";
import { alterGlb, ball, box, boxGlb, GlbBuilder } from "../support/make-glb.ts";
import { withModelProcessor } from "../support/model-processor.ts";
import { animated, noisyPicture, packedGlb, shortestGlb, wavyBall } from "../support/model-zoo.ts";
import { readWithThree } from "../support/three-glb.ts";

const SHORTEST_BYTES = 500;
const PLACE_BYTES = 100;

const bench = withModelProcessor();
const wanted = (extents: Partial<DimensionsInput>): DimensionsInput => ({ unit: "cm", ...extents });

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

test("a budget is given up where no time is left for it", async () => {
  const builder = new GlbBuilder();
  builder.add(ball(1, 12));
  const source = await builder.build();
  const box = boundingBox(readWorldParts(await prepareDocument(source)));
  const from = { source, isShowable: true, placement: placementFor(box, null), box };
  const whole = await packed(await placedDocument(from), from, []);
  assert.equal(await fitBudget(whole, from, 1000, 0), whole);
  assert.ok((await fitBudget(whole, from, 1000)).content.length < whole.content.length);
});
