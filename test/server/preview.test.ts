import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { NodeIO } from "@gltf-transform/core";
import { ALL_EXTENSIONS, EXTTextureWebP } from "@gltf-transform/extensions";
import { validateBytes } from "gltf-validator";
import { MeshoptDecoder } from "meshoptimizer/decoder";
import sharp from "sharp";
import type { FullTextures } from "../../server/contract/full-textures.ts";
import type { Model } from "../../server/contract/model.ts";
import type { Shared } from "../../server/contract/share.ts";
import { startTestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { assertExtents } from "../support/delivery-checks.ts";
import { box, GlbBuilder } from "../support/make-glb.ts";
import { withModelProcessor } from "../support/model-processor.ts";
import { animated, noisyPicture, packedGlb, wavyBall } from "../support/model-zoo.ts";
import { sha256Of } from "../support/sha256.ts";
import { send, shareModel } from "../support/share-client.ts";
import { readWithThree } from "../support/three-glb.ts";

const bench = withModelProcessor();
const SIDE = 1300;

const readDocument = async (glb: Buffer) =>
  new NodeIO()
    .registerExtensions(ALL_EXTENSIONS)
    .registerDependencies({ "meshopt.decoder": MeshoptDecoder })
    .readBinary(glb);

/** A ball with a large colour texture and a small one for its roughness. */
async function textured(builder = new GlbBuilder()): Promise<GlbBuilder> {
  const material = builder.textured(await noisyPicture(SIDE), "image/jpeg");
  const rough = builder.document
    .createTexture("rough")
    .setImage(await noisyPicture(200))
    .setMimeType("image/jpeg");
  builder.add(wavyBall(20), material.setMetallicRoughnessTexture(rough));
  return builder;
}

/** What three and the validator say of a preview beside its delivery. */
async function assertPreview(delivered: Buffer, preview: Buffer): Promise<void> {
  const { issues } = await validateBytes(preview);
  assert.equal(issues.numErrors, 0, JSON.stringify(issues.messages.slice(0, 3)));
  assert.ok(preview.length <= 0.75 * delivered.length, `${preview.length} of ${delivered.length}`);
  const [full, small] = await Promise.all([readWithThree(delivered), readWithThree(preview)]);
  assert.deepEqual(small.corners, full.corners, "the same shape to the last bit");
  assert.equal(small.animations, full.animations);
  for (const [at, mesh] of full.meshes.entries()) {
    for (const [name, attribute] of Object.entries(mesh.geometry.attributes)) {
      assert.deepEqual(small.meshes[at].geometry.getAttribute(name).array, attribute.array, name);
    }
  }
  const [fullDocument, smallDocument] = await Promise.all([readDocument(delivered), readDocument(preview)]);
  const fullPictures = fullDocument.getRoot().listTextures();
  const smallPictures = smallDocument.getRoot().listTextures();
  assert.equal(smallPictures.length, fullPictures.length);
  const { fullTextures } = smallDocument.getRoot().getAsset().extras as { fullTextures: FullTextures };
  assert.equal(fullTextures.sha256, sha256Of(delivered));
  const places = new Map(fullTextures.images.map((place) => [place.index, place]));
  for (const [index, picture] of smallPictures.entries()) {
    const { width, height } = await sharp(picture.getImage()!).metadata();
    const whole = fullPictures[index].getImage()!;
    const was = await sharp(whole).metadata();
    const place = places.get(index);
    const longest = Math.max(was.width, was.height);
    assert.equal(Math.max(width, height), Math.min(longest, 1024));
    assert.equal(place !== undefined, longest > 1024);
    if (!place) assert.deepEqual(picture.getImage(), whole);
    else {
      const { byteOffset, byteLength, mimeType } = place;
      const there = new Uint8Array(delivered.subarray(byteOffset, byteOffset + byteLength));
      assert.deepEqual(there, new Uint8Array(whole), "one range of the delivery has it");
      assert.equal(mimeType, fullPictures[index].getMimeType());
    }
  }
}

describe("a preview of the delivery", () => {
  const cases: [string, () => Promise<Buffer>, string][] = [
    ["has the same shape and small textures", async () => (await textured()).build(), "packed"],
    ["keeps what moves", async () => (await textured(animated())).build(), "packed"],
    ["is made of what came packed", async () => packedGlb(await textured(), "meshopt"), "packed"],
  ];
  for (const [what, make, method] of cases) {
    it(what, async () => {
      const { content, preview, stats } = await bench.run(await make());
      assert.equal(stats.delivery?.method, method);
      await assertPreview(content, await readFile(preview!.path));
    });
  }

  it("is made of what is delivered as it came", async () => {
    const builder = new GlbBuilder();
    builder.document.createExtension(EXTTextureWebP).setRequired(true);
    const picture = await sharp(await noisyPicture(SIDE))
      .webp({ quality: 85 })
      .toBuffer();
    builder.add(box([1, 1, 1]), builder.textured(picture, "image/webp"));
    const { content, preview, stats } = await bench.run(await builder.build());
    assert.equal(stats.delivery?.method, "plain");
    await assertPreview(content, await readFile(preview!.path));
  });

  it("is not made where it saves little", async () => {
    const small = new GlbBuilder();
    small.add(box([1, 1, 1]), small.textured(await noisyPicture(1024), "image/jpeg"));
    assert.equal((await bench.run(await small.build())).preview, null, "no larger texture");
    const plain = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: "#a52" } })
      .jpeg()
      .toBuffer();
    const heavy = new GlbBuilder();
    heavy.add(wavyBall(60), heavy.textured(plain, "image/jpeg"));
    assert.equal((await bench.run(await heavy.build())).preview, null, "almost all is geometry");
  });

  it("is a file of its model, made anew and given up with it", async () => {
    await using app = await startTestApp();
    const body = photoForm(await (await textured()).build(), { name: "Ball" }, "ball.glb", "file");
    const model = (await (await app.request("/api/v1/models", { method: "POST", body })).json()) as Model;
    const fetched = async ({ url }: { url: string }) =>
      Buffer.from(await (await app.request(url)).arrayBuffer());
    const both = async ({ files }: Model) => Promise.all([fetched(files.glb!), fetched(files.preview!)]);
    const [glb, preview] = await both(model);
    assert.deepEqual(
      [preview.length, sha256Of(preview)],
      [model.files.preview!.bytes, model.files.preview!.sha256],
    );
    await assertPreview(glb, preview);

    const { token } = await shareModel(app, model.id);
    const shared = (await (await app.request(`/s/${token}/share.json`)).json()) as Shared;
    assert.deepEqual(await fetched(shared.models[0].files.preview!), preview);

    const change = async (changes: object) =>
      (await (await send(app, "PATCH", `/api/v1/models/${model.id}`, changes)).json()) as Model;
    const sized = await change({ dimensions: { height: 50, unit: "cm" } });
    await assertPreview(...(await both(sized)));
    const { min, max } = sized.stats.boundingBoxMetres;
    await assertExtents(
      await fetched(sized.files.preview!),
      max.map((value, axis) => value - min[axis]),
    );
    const keyOf = async () =>
      (await app.context.records.ModelFile.findOne({ where: { modelId: model.id, kind: "preview" } }))?.key;
    const key = await keyOf();
    assert.ok(existsSync(path.join(app.uploads, key!)));

    const bounded = await change({ delivery: { maxBytes: 60_000 } });
    assert.equal(bounded.files.preview, undefined);
    assert.equal(await keyOf(), undefined);
    assert.ok(!existsSync(path.join(app.uploads, key!)));
    assert.equal((await app.request(sized.files.preview!.url)).status, 404);
  });
});
