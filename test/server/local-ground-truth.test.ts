import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import validator from "gltf-validator";
import sharp from "sharp";
import { runChild } from "../../server/providers/local/child/run-child.ts";
import { type GenerateParams, generate } from "../../server/providers/local/generate.ts";
import { frontFit } from "../ground-truth/judge.ts";
import { readModel } from "../ground-truth/read-model.ts";
import { readTruth } from "../ground-truth/truth.ts";
import { createDrawnPhotos, type DrawnPhotos } from "../support/drawn-photos.ts";
import { readGeometry } from "../support/glb-geometry.ts";

const PARAMS: GenerateParams = {
  triangles: 20_000,
  textureSize: 512,
  depth: null,
  mode: "auto",
  box: null,
};
const LIMITS = { memoryBytes: 800 * 2 ** 20, timeoutSeconds: 60 };

/**
 * Least overlap of the model's front with the true mask, and how many openings one must see through. Below 0.95 is what
 * the generator does not reach: white on white behind leaves, legs before planks, a busy background.
 */
const EXPECTED: { name: string; leastIou: number; openings?: number }[] = [
  { name: "chair", leastIou: 0.95, openings: 5 },
  { name: "shoe", leastIou: 0.95 },
  { name: "cup", leastIou: 0.95, openings: 1 },
  { name: "plant", leastIou: 0.92 },
  { name: "dog", leastIou: 0.95, openings: 0 },
  { name: "car", leastIou: 0.95, openings: 0 },
  { name: "box", leastIou: 0.95, openings: 0 },
  { name: "lamp", leastIou: 0.95, openings: 0 },
  { name: "stool", leastIou: 0.9 },
  { name: "bear-busy", leastIou: 0.9 },
  { name: "shoe-busy", leastIou: 0.95 },
  { name: "teapot-alpha", leastIou: 0.95, openings: 1 },
];

const made = new Map<string, Uint8Array>();
let photos: DrawnPhotos;
before(async () => {
  photos = await createDrawnPhotos();
});
after(() => photos[Symbol.asyncDispose]());

describe("against the ground truth", () => {
  for (const { name, leastIou, openings } of EXPECTED) {
    it(`${name}: the front covers the true mask, closed, without a validator's error`, async () => {
      const truth = await readTruth(name);
      const { glb, report } = await generate(truth.photoPath, PARAMS, () => undefined);
      made.set(name, glb);
      assert.equal(report.mode, "object");
      const fit = frontFit(await readModel(glb), truth);
      assert.ok(fit.iou >= leastIou, `the overlap is ${fit.iou.toFixed(3)}`);
      if (openings !== undefined) assert.equal(fit.openings, openings);
      const { issues } = await validator.validateBytes(glb);
      assert.equal(issues.numErrors, 0, JSON.stringify(issues.messages));
      const { isWatertight, volume } = await readGeometry(glb);
      assert.ok(isWatertight && volume > 0);
    });
  }

  it("is the same to the byte for an object as pale as its background", async () => {
    const { photoPath } = await readTruth("cup");
    const { glb } = await generate(photoPath, PARAMS, () => undefined);
    assert.deepEqual(glb, made.get("cup"));
  });

  it("stays within 800 MB for a photo of 12 megapixels", async () => {
    const { photoPath } = await readTruth("sofa");
    const large = path.join(photos.folder, "large.jpg");
    await sharp(photoPath).resize(4000, 3000).jpeg({ quality: 90 }).toFile(large);
    const task = {
      kind: "generate" as const,
      photoPath: large,
      outputPath: path.join(photos.folder, "large.glb"),
      params: { ...PARAMS, triangles: 30_000, textureSize: 2048 },
    };
    const outcome = await runChild(task, LIMITS);
    assert.equal(outcome.kind, "generated", JSON.stringify(outcome));
    assert.equal((await validator.validateBytes(readFileSync(task.outputPath))).issues.numErrors, 0);
  });
});
