import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { NodeIO } from "@gltf-transform/core";
import sharp from "sharp";
import {
  renderTurntable,
  TURNTABLE_FRAMES,
  TURNTABLE_PIXELS,
} from "../../server/assets/thumbnail/turntable.ts";
import { boundingBox, readWorldParts } from "../../server/assets/world-mesh.ts";
import { box, GlbBuilder } from "../support/make-glb.ts";

/** Four-byte names of the chunks of a WebP (RIFF), with their contents. */
function chunksOf(webp: Buffer): { name: string; content: Buffer }[] {
  assert.equal(webp.toString("latin1", 0, 4) + webp.toString("latin1", 8, 12), "RIFFWEBP");
  const chunks = [];
  for (let at = 12; at < webp.length; ) {
    const bytes = webp.readUInt32LE(at + 4);
    chunks.push({
      name: webp.toString("latin1", at, at + 4),
      content: webp.subarray(at + 8, at + 8 + bytes),
    });
    at += 8 + bytes + (bytes % 2);
  }
  return chunks;
}

describe("turntable", () => {
  let webp: Buffer;
  before(async () => {
    const builder = new GlbBuilder();
    const red = builder.document.createMaterial().setBaseColorFactor([1, 0, 0, 1]);
    builder.add(box([0.6, 0.5, 0.4]));
    builder.add(box([0.5, 0.4, 0.02]), red).setTranslation([0, 0, 0.21]);
    const parts = readWorldParts(await new NodeIO().readBinary(await builder.build()));
    webp = await renderTurntable({ parts, box: boundingBox(parts) });
  });

  const frame = async (page: number) => {
    const { data, info } = await sharp(webp, { page })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height, info.channels], [TURNTABLE_PIXELS, TURNTABLE_PIXELS, 4]);
    let [red, covered, border] = [0, 0, 0];
    for (let pixel = 0; pixel < data.length / 4; pixel++) {
      const [r, g, , alpha] = data.subarray(pixel * 4, pixel * 4 + 4);
      if (alpha > 200) covered++;
      if (alpha > 200 && r > 2 * g) red++;
      const x = pixel % TURNTABLE_PIXELS;
      if (alpha > 200 && (x < 4 || x >= TURNTABLE_PIXELS - 4)) border++;
    }
    return { red, covered, border };
  };

  it("is an endless animation on nothing, by the container's own words", () => {
    const chunks = chunksOf(webp);
    const header = chunks.find(({ name }) => name === "VP8X")!.content;
    assert.equal(header[0] & 0b10, 0b10, "animated");
    assert.equal(header[0] & 0b10000, 0b10000, "with transparency");
    assert.equal(header.readUIntLE(4, 3) + 1, TURNTABLE_PIXELS);
    assert.equal(chunks.find(({ name }) => name === "ANIM")!.content.readUInt16LE(4), 0, "loops without end");
    const frames = chunks.filter(({ name }) => name === "ANMF");
    const milliseconds = frames.reduce((sum, { content }) => sum + content.readUIntLE(12, 3), 0);
    assert.equal(milliseconds, TURNTABLE_FRAMES * 100);
    assert.ok(webp.length < 300_000, `${webp.length} bytes`);
  });

  it("shows the front at first, the back after half a turn, and never leaves the picture", async () => {
    const views = [];
    for (const page of [0, 3, 9, 18, 27]) views.push(await frame(page));
    assert.ok(views[0].red > 2000 && views[1].red > 2000, "the red front is seen");
    assert.ok(views[3].red < 20, "not from behind");
    for (const { covered, border } of views) {
      assert.ok(covered > 8000, `${covered} pixels show the model`);
      assert.equal(border, 0);
    }
  });
});
