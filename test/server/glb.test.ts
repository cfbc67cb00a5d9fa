import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { NodeIO } from "@gltf-transform/core";
import { ALL_EXTENSIONS, EXTMeshoptCompression } from "@gltf-transform/extensions";
import { validateBytes } from "gltf-validator";
import { MeshoptEncoder } from "meshoptimizer/encoder";
import sharp from "sharp";
import { createModelProcessor, type ModelProcessor, type ModelTask } from "../../server/assets/glb.ts";
import type { DimensionsInput } from "../../server/contract/common.ts";
import { AppError } from "../../server/errors.ts";
import { makeBadModels } from "../support/bad-models.ts";
import { alterGlb, ball, box, boxGlb, GlbBuilder } from "../support/make-glb.ts";

let root: string;
let processor: ModelProcessor;
let runs = 0;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "glb-test-"));
  processor = createModelProcessor({ threads: 2 });
});
after(async () => {
  await processor.dispose();
  await rm(root, { recursive: true, force: true });
});

type Options = Partial<Omit<ModelTask, "sourcePath">> & Parameters<ModelProcessor["process"]>[1];

async function run(glb: Buffer, { signal, onStage, ...task }: Options = {}) {
  const folder = join(root, String(runs++));
  await mkdir(folder);
  const sourcePath = join(folder, "source");
  await writeFile(sourcePath, glb);
  const result = await processor.process(
    { sourcePath, targetFolder: folder, dimensions: null, invalidCode: "model-invalid", ...task },
    { signal, onStage },
  );
  assert.deepEqual(await readFile(sourcePath), glb, "the source stays as it is");
  assert.deepEqual((await readdir(folder)).sort(), ["model.glb", "source", "thumbnail.webp"]);
  const content = await readFile(result.delivery.path);
  const report = await validateBytes(content);
  assert.equal(report.issues.numErrors, 0, JSON.stringify(report.issues.messages.slice(0, 3)));
  const document = await new NodeIO().registerExtensions(ALL_EXTENSIONS).readBinary(content);
  return { ...result, content, document };
}

function assertClose(actual: readonly number[], expected: readonly number[], what: string) {
  for (const [index, value] of expected.entries()) {
    assert.ok(Math.abs(actual[index] - value) < 1e-4, `${what}: ${actual} is not ${expected}`);
  }
}

const wanted = (extents: Partial<DimensionsInput>): DimensionsInput => ({ unit: "cm", ...extents });

describe("model processor", () => {
  it("keeps the size of a plain box, stands it on the origin and tells the facts", async () => {
    const builder = new GlbBuilder();
    builder.add(box([2, 1, 4])).setTranslation([5, 7, -3]);
    const stages: string[] = [];
    const result = await run(await builder.build(), { onStage: (stage) => stages.push(stage) });
    assert.deepEqual(result.dimensions, { length: 200, width: 400, height: 100, unit: "cm" });
    assertClose(result.stats.boundingBoxMetres.min, [-1, 0, -2], "min");
    assertClose(result.stats.boundingBoxMetres.max, [1, 1, 2], "max");
    assert.deepEqual(
      { ...result.stats, boundingBoxMetres: null },
      { triangles: 12, vertices: 24, materials: 0, textures: [], boundingBoxMetres: null, watertight: true },
    );
    assert.deepEqual(stages, ["checking", "optimizing", "thumbnail"]);
    assert.equal(result.delivery.sha256, createHash("sha256").update(result.content).digest("hex"));
    assert.equal(result.delivery.bytes, result.content.length);
    const poster = await sharp(await readFile(result.thumbnail.path)).metadata();
    assert.deepEqual([poster.format, poster.width, poster.height, poster.hasAlpha], ["webp", 512, 512, true]);
  });

  it("makes the same bytes each time", async () => {
    const glb = await boxGlb([1, 2, 3]);
    const [one, other] = [await run(glb), await run(glb)];
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
      const { dimensions, stats, document } = await run(await boxGlb([2, 1, 4]), {
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
    const { dimensions } = await run(await builder.build());
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
      assert.equal((await run(await builder.build())).stats.watertight, expected, name);
    }
  });

  it("turns textures into WebP of at most 2048 pixels", async () => {
    const picture = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: "#a52" } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const builder = new GlbBuilder();
    builder.add(box([1, 1, 1]), builder.textured(picture, "image/jpeg"));
    const { stats, document } = await run(await builder.build());
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
    const { EXTTextureWebP } = await import("@gltf-transform/extensions");
    builder.document.createExtension(EXTTextureWebP).setRequired(true);
    builder.add(box([1, 1, 1]), builder.textured(webp, "image/webp"));
    const { document } = await run(await builder.build());
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
    const { stats, document } = await run(await builder.build());
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

    const result = await run(await builder.build(), { dimensions: wanted({ height: 10 }) });
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

  it("reads meshopt compression and delivers plain geometry", async () => {
    const builder = new GlbBuilder();
    builder.add(ball(1, 20));
    await MeshoptEncoder.ready;
    builder.document.createExtension(EXTMeshoptCompression).setRequired(true);
    const io = new NodeIO()
      .registerExtensions(ALL_EXTENSIONS)
      .registerDependencies({ "meshopt.encoder": MeshoptEncoder });
    const packed = Buffer.from(await io.writeBinary(builder.document));
    assert.ok(packed.includes("EXT_meshopt_compression"));
    const { stats, content } = await run(packed);
    assert.deepEqual([stats.triangles, stats.watertight], [1520, true]);
    assert.equal(content.includes("EXT_meshopt_compression"), false);
  });

  it("counts strips and fans as triangles", async () => {
    const builder = new GlbBuilder();
    const square = [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0];
    builder.node(
      builder.primitive({ positions: square, indices: [0, 1, 2, 3] }).setMode(5),
      builder.primitive({ positions: square, indices: [0, 1, 3, 2] }).setMode(6),
    );
    const { stats, dimensions } = await run(await builder.build());
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
    const { document, dimensions, warnings } = await run(careless);
    assertClose([dimensions.length, dimensions.height], [200, 200], "measured by the vertices");
    assert.ok(warnings.length > 0);
    const normal = document.getRoot().listMeshes()[0].listPrimitives()[0].getAttribute("NORMAL")!;
    for (let vertex = 0; vertex < normal.getCount(); vertex++) {
      const length = Math.hypot(...normal.getElement(vertex, []));
      assert.ok(Math.abs(length - 1) < 1e-5, `normal ${vertex} is ${length} long`);
    }
  });

  it("says what the validator warns of", async () => {
    const odd = alterGlb(await boxGlb([1, 1, 1]), (json) => {
      json.nodes.push({ name: "lost" });
      json.materials = [{ emissiveFactor: [0, 0, 0], alphaCutoff: 0.5 }];
    });
    assert.ok((await run(odd)).warnings.some((warning) => warning.includes("/materials/0")));
  });
});

describe("model processor and bad files", () => {
  it("refuses every bad file with a reason in two languages, and lives on", async () => {
    for (const [name, glb] of Object.entries(await makeBadModels())) {
      await assert.rejects(run(glb), (error) => {
        assert.ok(error instanceof AppError, `${name}: ${error}`);
        assert.equal(error.code, "model-invalid", name);
        assert.match(error.detail.ru, /[а-я]/, name);
        assert.ok(!/takes too long/.test(error.detail.en), `${name}: ${error.detail.en}`);
        return true;
      });
    }
    await run(await boxGlb([1, 1, 1]));
  });

  it("tells another kind of file from a broken model", async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from("solid cube\nendsolid"),
      Buffer.from('{"asset":{"version":"2.0"}}'),
    ]) {
      await assert.rejects(run(bytes), { code: "not-a-glb" });
      await assert.rejects(run(bytes, { invalidCode: "result-invalid" }), { code: "result-invalid" });
    }
  });

  it("stops at its time limit and at the caller's signal", async () => {
    const hasty = createModelProcessor({ threads: 1, timeLimitSeconds: 0.02 });
    const builder = new GlbBuilder();
    builder.add(ball(1, 300));
    const sourcePath = join(root, "large.glb");
    await writeFile(sourcePath, await builder.build());
    const task = { sourcePath, targetFolder: root, dimensions: null, invalidCode: "result-invalid" } as const;
    await assert.rejects(hasty.process(task), { code: "result-invalid" });
    await hasty.dispose();
    const reason = new AppError("canceled");
    await assert.rejects(processor.process(task, { signal: AbortSignal.abort(reason) }), reason);
    const controller = new AbortController();
    const onStage = () => controller.abort(reason);
    await assert.rejects(processor.process(task, { signal: controller.signal, onStage }), reason);
  });
});
