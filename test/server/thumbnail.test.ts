import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NodeIO } from "@gltf-transform/core";
import { ALL_EXTENSIONS, KHRMaterialsUnlit, KHRTextureTransform } from "@gltf-transform/extensions";
import sharp from "sharp";
import { renderThumbnail } from "../../server/assets/thumbnail/thumbnail.ts";
import { boundingBox, readWorldParts } from "../../server/assets/world-mesh.ts";
import { ball, box, GlbBuilder } from "../support/make-glb.ts";

const SIZE = 512;

async function render(builder: GlbBuilder) {
  const document = await new NodeIO().registerExtensions(ALL_EXTENSIONS).readBinary(await builder.build());
  const parts = readWorldParts(document);
  const webp = await renderThumbnail(parts, boundingBox(parts));
  const { data, info } = await sharp(webp).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, info.channels], [SIZE, SIZE, 4]);
  const at = (x: number, y: number) => [...data.subarray((y * SIZE + x) * 4, (y * SIZE + x) * 4 + 4)];
  const covered: [number, number][] = [];
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) if (at(x, y)[3] > 127) covered.push([x, y]);
  }
  return { webp, at, covered, share: covered.length / SIZE ** 2 };
}

const brightness = ([red, green, blue]: number[]) => red + green + blue;

/** Left half red, right half blue; top left corner green. */
async function picture() {
  const pixels = Buffer.alloc(64 * 64 * 3);
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      const colour = x < 16 && y < 16 ? [0, 200, 0] : x < 32 ? [200, 0, 0] : [0, 0, 200];
      pixels.set(colour, (y * 64 + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer();
}

/** The strongest colour of a pixel. */
function hue([red, green, blue, alpha]: number[]) {
  if (alpha < 128) return "nothing";
  const most = Math.max(red, green, blue);
  return most === red ? "red" : most === green ? "green" : "blue";
}

describe("thumbnail", () => {
  it("shows the whole model in the middle, on nothing", async () => {
    for (const size of [
      [1, 1, 1],
      [8, 1, 1],
      [0.001, 0.004, 0.001],
      [100, 3, 80],
    ] as [number, number, number][]) {
      const builder = new GlbBuilder();
      builder.add(box(size)).setTranslation([50, -20, 3]);
      const { at, covered } = await render(builder);
      const xs = covered.map(([x]) => x);
      const ys = covered.map(([, y]) => y);
      const [left, right] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))];
      const [top, bottom] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
      const longer = Math.max(right - left, bottom - top);
      assert.ok(longer > SIZE * 0.88 && longer <= SIZE * 0.91, `${size}: fills ${longer} pixels`);
      assert.ok(
        Math.abs(left + right - SIZE) < 4 && Math.abs(top + bottom - SIZE) < 4,
        `${size}: in the middle`,
      );
      assert.equal(at(2, 2)[3], 0);
    }
  });

  it("lights the top more than the sides, and a ball without steps", async () => {
    const cube = new GlbBuilder();
    cube.add(box([1, 1, 1]));
    const { at } = await render(cube);
    assert.ok(brightness(at(256, 90)) > brightness(at(180, 330)), "top brighter than front");
    assert.ok(brightness(at(180, 330)) > brightness(at(400, 300)), "front brighter than the right side");
    const round = new GlbBuilder();
    round.add(ball(1, 12));
    const smooth = await render(round);
    for (let x = 100; x < 400; x++) {
      const step = Math.abs(brightness(smooth.at(x, 256)) - brightness(smooth.at(x + 1, 256)));
      assert.ok(step < 24, `a step of ${step} at ${x}`);
    }
  });

  it("shades flat where the model has no normals", async () => {
    const builder = new GlbBuilder();
    builder.add({ ...ball(1, 8), normals: undefined });
    const { at } = await render(builder);
    const steps = Array.from({ length: 300 }, (_, x) =>
      Math.abs(brightness(at(x + 100, 256)) - brightness(at(x + 101, 256))),
    );
    assert.ok(Math.max(...steps) > 24, "facets are seen");
  });

  it("shows the texture the right way round", async () => {
    const builder = new GlbBuilder();
    builder.add(box([1, 1, 1], 1), builder.textured(await picture()));
    const { at } = await render(builder);
    assert.equal(hue(at(120, 350)), "red");
    assert.equal(hue(at(380, 350)), "blue");
    assert.equal(hue(at(80, 100)), "green");
  });

  it("multiplies factor, texture and vertex colours", async () => {
    const builder = new GlbBuilder();
    const material = builder.document.createMaterial().setBaseColorFactor([1, 1, 0, 1]);
    const geometry = box([1, 1, 1], 1);
    builder.add({ ...geometry, colours: [0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1] }, material);
    const { at } = await render(builder);
    const [red, green, blue] = at(256, 256);
    assert.ok(green > 150 && red < 90 && blue < 90, `${[red, green, blue]} is green`);
  });

  it("moves a texture by KHR_texture_transform", async () => {
    const builder = new GlbBuilder();
    const material = builder.textured(await picture());
    const extension = builder.document.createExtension(KHRTextureTransform);
    material
      .getBaseColorTextureInfo()!
      .setExtension("KHR_texture_transform", extension.createTransform().setOffset([0.5, 0]));
    builder.add(box([1, 1, 1], 1), material);
    const { at } = await render(builder);
    assert.deepEqual([hue(at(120, 350)), hue(at(380, 350))], ["blue", "red"]);
  });

  it("hides back faces unless they are double-sided, also in a mirror", async () => {
    const away = box([1, 1, 1], 1);
    away.indices.reverse();
    const single = new GlbBuilder();
    single.add(away);
    assert.equal((await render(single)).share, 0);
    const double = new GlbBuilder();
    double.add(away, double.document.createMaterial().setDoubleSided(true));
    assert.ok((await render(double)).share > 0.3);
    const mirrored = new GlbBuilder();
    mirrored.add(box([1, 1, 1], 1)).setScale([-1, 1, 1]);
    assert.ok((await render(mirrored)).share > 0.3);
  });

  it("keeps what is near before what is far", async () => {
    for (const order of [
      [0.3, -0.3],
      [-0.3, 0.3],
    ]) {
      const builder = new GlbBuilder();
      for (const z of order) {
        const colour = z > 0 ? ([1, 0, 0, 1] as const) : ([0, 0, 1, 1] as const);
        const material = builder.document.createMaterial().setBaseColorFactor([...colour]);
        builder.add(box([1, 1, 0.1]), material).setTranslation([0, 0, z]);
      }
      assert.equal(hue((await render(builder)).at(230, 280)), "red");
    }
  });

  it("cuts holes, and lets light through glass", async () => {
    const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: "#ffffff4d" } })
      .png()
      .toBuffer();
    const mask = new GlbBuilder();
    mask.add(box([1, 1, 1]), mask.textured(clear).setAlphaMode("MASK").setAlphaCutoff(0.5));
    assert.equal((await render(mask)).share, 0);
    const opaque = new GlbBuilder();
    opaque.add(box([1, 1, 1]), opaque.textured(clear));
    assert.equal((await render(opaque)).at(256, 256)[3], 255);
    const glass = new GlbBuilder();
    glass.add(box([1, 1, 1]), glass.textured(clear).setAlphaMode("BLEND"));
    const [, , , alpha] = (await render(glass)).at(256, 256);
    assert.ok(alpha > 60 && alpha < 95, `alpha ${alpha} is about 0.3`);
    glass.add(box([0.5, 0.5, 0.5]), glass.document.createMaterial().setBaseColorFactor([1, 0, 0, 1]));
    assert.equal(hue((await render(glass)).at(256, 256)), "red");
  });

  it("leaves unlit colours as they are", async () => {
    const builder = new GlbBuilder();
    const unlit = builder.document.createExtension(KHRMaterialsUnlit).createUnlit();
    const material = builder.document.createMaterial().setBaseColorFactor([0.214, 0.214, 0.214, 1]);
    builder.add(ball(1, 16), material.setExtension("KHR_materials_unlit", unlit));
    const { at } = await render(builder);
    for (const [x, y] of [
      [256, 256],
      [150, 200],
      [350, 400],
    ]) {
      for (const value of at(x, y).slice(0, 3)) assert.ok(Math.abs(value - 127) <= 4, `${value} is not 127`);
    }
  });

  it("is the same picture each time", async () => {
    const builder = new GlbBuilder();
    builder.add(ball(1, 12), builder.textured(await picture()));
    assert.deepEqual((await render(builder)).webp, (await render(builder)).webp);
  });
});
