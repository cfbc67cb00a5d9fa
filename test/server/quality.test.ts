import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NodeIO } from "@gltf-transform/core";
import { ALL_EXTENSIONS } from "@gltf-transform/extensions";
import sharp from "sharp";
import { takeReference } from "../../server/assets/thumbnail/compare.ts";
import { compareWindows } from "../../server/assets/thumbnail/ssim.ts";
import { boundingBox, readWorldParts } from "../../server/assets/world-mesh.ts";
import { ball, GlbBuilder } from "../support/make-glb.ts";

const WIDTH = 32;

/** Repeatable noise, 0 to 1. */
function noise(seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: WIDTH * WIDTH }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

function similarity(one: Float32Array, other: Float32Array, isShown = (_: number) => true): number {
  const { sum, windows } = compareWindows(one, other, isShown, WIDTH);
  return sum / windows;
}

describe("structural similarity", () => {
  const picture = noise(1);

  it("is 1 for equal pictures, near 0 for unrelated ones and negative for the inverse", () => {
    assert.ok(Math.abs(similarity(picture, picture) - 1) < 1e-9);
    assert.ok(Math.abs(similarity(picture, noise(2))) < 0.1);
    const inverse = picture.map((value) => 1 - value);
    assert.ok(similarity(picture, inverse) < -0.9);
  });

  it("is the paper's formula where pictures are even: (2 a b + C1) / (a² + b² + C1)", () => {
    const even = (value: number) => new Float32Array(WIDTH * WIDTH).fill(value);
    const expected = (2 * 0.5 * 0.25 + 1e-4) / (0.5 ** 2 + 0.25 ** 2 + 1e-4);
    assert.ok(Math.abs(similarity(even(0.5), even(0.25)) - expected) < 1e-6);
  });

  it("counts only windows that hold something", () => {
    const isInCorner = (pixel: number) => pixel === 0;
    const { windows } = compareWindows(picture, noise(2), isInCorner, WIDTH);
    assert.equal(windows, 1);
    assert.equal(compareWindows(picture, picture, () => false, WIDTH).windows, 0);
  });
});

/** A ball with a picture of fine squares, saved as WebP of a quality, where one is given. */
async function patternedBall(change: { webpQuality?: number; side?: number; radius?: number } = {}) {
  const side = 512;
  const pixels = Buffer.alloc(side * side * 3);
  const values = noise(3);
  for (let at = 0; at < side * side; at++) {
    const cell = (Math.floor(at / side / 16) % WIDTH) * WIDTH + (Math.floor((at % side) / 16) % WIDTH);
    pixels.fill(Math.round(60 + 180 * values[cell]), at * 3, at * 3 + 3);
  }
  const raw = sharp(pixels, { raw: { width: side, height: side, channels: 3 } }).resize(change.side ?? side);
  const builder = new GlbBuilder();
  const image = await (change.webpQuality ? raw.webp({ quality: change.webpQuality }) : raw.png()).toBuffer();
  const type = change.webpQuality ? "image/webp" : "image/png";
  builder.add(ball(change.radius ?? 1, 32), builder.textured(image, type));
  const io = new NodeIO().registerExtensions(ALL_EXTENSIONS);
  return readWorldParts(await io.readBinary(await builder.build()));
}

describe("comparison of two models", () => {
  it("falls with coarser pictures, and with another shape", async () => {
    const original = await patternedBall();
    const reference = await takeReference(original, boundingBox(original));
    const ssim = async (change: Parameters<typeof patternedBall>[0]) =>
      (await reference.compare(await patternedBall(change))).ssim;
    assert.deepEqual(await reference.compare(original), { ssim: 1, views: 3 });
    const good = await ssim({ webpQuality: 85 });
    const poor = await ssim({ webpQuality: 1 });
    const coarse = await ssim({ side: 24 });
    const swollen = await ssim({ radius: 1.1 });
    assert.ok(good > 0.97 && good < 1, `good ${good}`);
    assert.ok(poor < good - 0.01, `poor ${poor}`);
    assert.ok(coarse < 0.8, `coarse ${coarse}`);
    assert.ok(swollen < 0.7, `swollen ${swollen}`);
  });
});
