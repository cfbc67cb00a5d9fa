import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { it } from "node:test";
import sharp from "sharp";
import { createPhotoDecoder } from "../../server/assets/photo.ts";

const SOFA = path.resolve(import.meta.dirname, "../fixtures/photos/sofa.jpg");
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');

it("leaves the process' list of loaders alone when a worker starts, or decodes next door would fail", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "workers-"));
  const decoder = createPhotoDecoder({ threads: 1 });
  await assert.rejects(sharp(SVG).metadata(), "closed by the product");
  sharp.unblock({ operation: ["VipsForeignLoadSvg"] });
  await decoder.decode(SOFA, folder);
  assert.equal((await sharp(SVG).metadata()).format, "svg", "the worker has not touched the list");
  sharp.block({ operation: ["VipsForeignLoadSvg"] });
  await decoder.dispose();
  await rm(folder, { recursive: true });
});
