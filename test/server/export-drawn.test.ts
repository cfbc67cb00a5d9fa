import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { createExporter } from "../../server/assets/export/exporter.ts";
import { launchBrowser } from "../support/browser.ts";
import { serveDrawPage } from "../support/exports/draw-page.ts";
import { readZip } from "../support/exports/read-zip.ts";
import { SAMPLE_NAME, SAMPLE_PROVENANCE, SAMPLE_SIZE, sampleGlb } from "../support/exports/sample.ts";

const KINDS = ["usdz", "3mf", "obj", "stl"] as const;
/** Of one channel; edges and ways of smoothing differ. */
const TOLERANCE = 24;

/** Share of the pixels that look different. */
async function difference(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([one, other].map((png) => sharp(png).removeAlpha().raw().toBuffer()));
  let different = 0;
  for (let at = 0; at < a.length; at += 3) {
    if ([0, 1, 2].some((channel) => Math.abs(a[at + channel] - b[at + channel]) > TOLERANCE)) different++;
  }
  return different / (a.length / 3);
}

test("a browser draws every format like the original, at the same size", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "exports-drawn-"));
  const exporter = createExporter({ threads: 1 });
  try {
    const sourcePath = path.join(folder, "source.glb");
    const original = await sampleGlb();
    await writeFile(sourcePath, original);
    const files = new Map<string, Uint8Array>([["model.glb", original]]);
    for (const kind of KINDS) {
      const [{ path: made }] = await exporter.make({
        kind,
        sourcePath,
        targetFolder: folder,
        dimensions: { height: 60, unit: "cm" },
        name: SAMPLE_NAME,
        provenance: SAMPLE_PROVENANCE,
      });
      const content = await readFile(made);
      files.set(`model.${kind}`, content);
      if (kind === "obj") for (const entry of await readZip(content)) files.set(entry.name, entry.content);
    }
    await using server = await serveDrawPage(files);
    await using browser = await launchBrowser();
    const { page, problems } = await browser.newPage({ width: 480, height: 240 });
    await page.goto(server.url);
    await page.waitForFunction(() => "draw" in window);
    const draw = async (kind: string) => {
      const size = await page.evaluate(
        (which) => (window as unknown as { draw(kind: string): Promise<number[]> }).draw(which),
        kind,
      );
      return { size, picture: await page.screenshot() };
    };
    const glb = await draw("glb");
    for (const kind of KINDS) {
      const { size, picture } = await draw(kind);
      const metres = kind === "3mf" || kind === "stl" ? 0.001 : 1;
      for (const [axis, extent] of SAMPLE_SIZE.entries()) {
        assert.ok(Math.abs(size[axis] * metres - extent) < extent * 0.001, `${kind}: ${size}`);
      }
      const share = await difference(glb.picture, picture);
      if (kind === "stl") assert.ok(share > 0.2, "the comparison sees missing colours");
      else assert.ok(share < 0.02, `${kind}: ${(share * 100).toFixed(1)} % of the pixels differ`);
    }
    assert.deepEqual(problems, []);
  } finally {
    await exporter.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
