import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NodeIO } from "@gltf-transform/core";
import { ALL_EXTENSIONS, EXTMeshoptCompression, EXTTextureWebP } from "@gltf-transform/extensions";
import { validateBytes } from "gltf-validator";
import { MeshoptEncoder } from "meshoptimizer/encoder";
import sharp from "sharp";
import type { DimensionsInput } from "../../server/contract/common.ts";
import { alterGlb, ball, box, boxGlb, GlbBuilder } from "../support/make-glb.ts";
import { assertClose, withModelProcessor } from "../support/model-processor.ts";

const bench = withModelProcessor();
const wanted = (extents: Partial<DimensionsInput>): DimensionsInput => ({ unit: "cm", ...extents });

describe("model processor: content", () => {
  it("turns textures into WebP of at most 2048 pixels", async () => {
    const picture = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: "#a52" } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const builder = new GlbBuilder();
    builder.add(box([1, 1, 1]), builder.textured(picture, "image/jpeg"));
    const { stats, document } = await bench.run(await builder.build());
    assert.deepEqual(stats.textures, [{ width: 2048, height: 1024, mediaType: "image/webp" }]);
    const [texture] = document.getRoot().listTextures();
    assert.deepEqual(texture.getSize(), [2048, 1024]);
    assert.ok(
      document
        .getRoot()
        .listExtensionsRequired()
        .some(({ extensionName }) => extensionName === "EXT_texture_webp"),
    );
  });

  it("leaves a small WebP texture as it is", async () => {
    const webp = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#a52" } })
      .webp()
      .toBuffer();
    const builder = new GlbBuilder();
    builder.document.createExtension(EXTTextureWebP).setRequired(true);
    builder.add(box([1, 1, 1]), builder.textured(webp, "image/webp"));
    const { document } = await bench.run(await builder.build());
    assert.deepEqual(Buffer.from(document.getRoot().listTextures()[0].getImage()!), webp);
  });

  it("drops what nobody sees and shares what is equal", async () => {
    const builder = new GlbBuilder();
    for (const x of [0, 3]) {
      const material = builder.document.createMaterial(`red ${x}`).setBaseColorFactor([1, 0, 0, 1]);
      builder.add(box([1, 1, 1]), material).setTranslation([x, 0, 0]);
    }
    builder.document.createMaterial("unused");
    builder.document.createScene("unused");
    const { stats, document } = await bench.run(await builder.build());
    assert.equal(stats.triangles, 24);
    assert.equal(document.getRoot().listScenes().length, 1);
    assert.equal(document.getRoot().listMeshes().length, 1);
  });

  it("keeps joints and movements, and measures a skin at rest", async () => {
    const builder = new GlbBuilder();
    const { document } = builder;
    const geometry = box([1, 1, 1]);
    const corners = geometry.positions.length / 3;
    const primitive = builder
      .primitive(geometry)
      .setAttribute("JOINTS_0", builder.accessor("VEC4", new Array(corners * 4).fill(0), Uint8Array))
      .setAttribute(
        "WEIGHTS_0",
        builder.accessor(
          "VEC4",
          Array.from({ length: corners * 4 }, (_, at) => (at % 4 ? 0 : 1)),
        ),
      );
    const joint = document.createNode("joint").setScale([2, 2, 2]);
    builder.scene.addChild(joint);
    const skin = document.createSkin().addJoint(joint);
    builder.node(primitive).setSkin(skin).setScale([9, 9, 9]);
    const times = builder.accessor("SCALAR", [0, 1]);
    const places = builder.accessor("VEC3", [0, 0, 0, 0, 1, 0]);
    const sampler = document.createAnimationSampler().setInput(times).setOutput(places);
    const channel = document
      .createAnimationChannel()
      .setTargetNode(joint)
      .setTargetPath("translation")
      .setSampler(sampler);
    document.createAnimation("hop").addSampler(sampler).addChannel(channel);

    const result = await bench.run(await builder.build(), { dimensions: wanted({ height: 10 }) });
    assertClose(
      result.stats.boundingBoxMetres.max,
      [0.05, 0.1, 0.05],
      "the joint's scale counts, the node's does not",
    );
    const rootOfResult = result.document.getRoot();
    assert.equal(rootOfResult.listSkins()[0].listJoints()[0].getName(), "joint");
    assert.equal(rootOfResult.listAnimations()[0].listChannels()[0].getTargetNode()?.getName(), "joint");
    assertClose(
      rootOfResult.listSkins()[0].listJoints()[0].getWorldScale(),
      [0.1, 0.1, 0.1],
      "joints are scaled",
    );
  });

  it("reads meshopt compression and delivers it", async () => {
    const builder = new GlbBuilder();
    builder.add(ball(1, 20));
    await MeshoptEncoder.ready;
    builder.document.createExtension(EXTMeshoptCompression).setRequired(true);
    const io = new NodeIO()
      .registerExtensions(ALL_EXTENSIONS)
      .registerDependencies({ "meshopt.encoder": MeshoptEncoder });
    const packed = Buffer.from(await io.writeBinary(builder.document));
    assert.ok(packed.includes("EXT_meshopt_compression"));
    const { stats, content } = await bench.run(packed);
    assert.deepEqual([stats.triangles, stats.watertight], [1520, true]);
    assert.ok(content.includes("EXT_meshopt_compression"));
    assert.ok(content.length <= packed.length);
  });

  it("counts strips and fans as triangles", async () => {
    const builder = new GlbBuilder();
    const square = [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0];
    builder.node(
      builder.primitive({ positions: square, indices: [0, 1, 2, 3] }).setMode(5),
      builder.primitive({ positions: square, indices: [0, 1, 3, 2] }).setMode(6),
    );
    const { stats, dimensions } = await bench.run(await builder.build());
    assert.equal(stats.triangles, 4);
    assert.equal(dimensions.width, 0);
  });

  it("mends what generators often leave", async () => {
    const builder = new GlbBuilder();
    const geometry = ball(1, 12);
    geometry.normals = geometry.normals!.map((value, at) => (at < 3 ? 0 : value * 3));
    builder.add(geometry, builder.document.createMaterial());
    const careless = alterGlb(await builder.build(), (json) => {
      json.accessors.find((accessor: { max?: number[] }) => accessor.max?.length === 3).max = [9, 9, 9];
      json.animations = [];
    });
    assert.ok((await validateBytes(careless)).issues.numErrors > 100, "the source is full of errors");
    const { document, dimensions, warnings } = await bench.run(careless);
    assertClose([dimensions.length, dimensions.height], [200, 200], "measured by the vertices");
    assert.ok(warnings.length > 0);
    const normal = document.getRoot().listMeshes()[0].listPrimitives()[0].getAttribute("NORMAL")!;
    for (let vertex = 0; vertex < normal.getCount(); vertex++) {
      const length = Math.hypot(...normal.getElement(vertex, []));
      assert.ok(Math.abs(length - 1) < 0.01, `normal ${vertex} is ${length} long`);
    }
  });

  it("says what the validator warns of", async () => {
    const odd = alterGlb(await boxGlb([1, 1, 1]), (json) => {
      json.nodes.push({ name: "lost" });
      json.materials = [{ emissiveFactor: [0, 0, 0], alphaCutoff: 0.5 }];
    });
    assert.ok((await bench.run(odd)).warnings.some((warning) => warning.includes("/materials/0")));
  });
});
