import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import { type BufferAttribute, type BufferGeometry, Mesh } from "three";
import { OBJLoader } from "three/examples/jsm/loaders/OBJLoader.js";
import { createExporter, type Exporter } from "../../server/assets/export/exporter.ts";
import type { ExportKind } from "../../server/contract/model.ts";
import { read3mf } from "../support/exports/read-3mf.ts";
import { describeMesh, readStl } from "../support/exports/read-stl.ts";
import { readUsdz } from "../support/exports/read-usdz.ts";
import { entryOf, readZip } from "../support/exports/read-zip.ts";
import {
  FRONT_CORNERS,
  SAMPLE_NAME,
  SAMPLE_PROVENANCE,
  SAMPLE_SIZE,
  sampleGlb,
} from "../support/exports/sample.ts";

/** Two boxes and an inscribed ball of 0.6 m. */
const [LEAST_VOLUME, MOST_VOLUME] = [0.432 + 0.09, 0.432 + 0.114];

describe("formats of export", () => {
  let folder: string;
  let exporter: Exporter;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "exports-test-"));
    await writeFile(path.join(folder, "source.glb"), await sampleGlb());
    exporter = createExporter({ threads: 1 });
  });
  after(async () => {
    await exporter.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const make = async (kind: ExportKind) => {
    const [made] = await exporter.make({
      kind,
      sourcePath: path.join(folder, "source.glb"),
      targetFolder: folder,
      dimensions: { height: 60, unit: "cm" },
      name: SAMPLE_NAME,
      provenance: SAMPLE_PROVENANCE,
    });
    return readFile(made.path);
  };

  /** Corners in metres with Y up and the base on the ground. */
  function assertShape(corners: Float32Array) {
    const { low, high, isWatertight, volume } = describeMesh(corners);
    for (const [axis, extent] of SAMPLE_SIZE.entries()) {
      assert.ok(Math.abs(high[axis] - low[axis] - extent) < extent * 1e-4, `${high} − ${low}`);
    }
    assert.ok(Math.abs(low[1]) < 1e-4 && Math.abs(low[0] + high[0]) < 1e-4, "stands on the origin");
    assert.ok(isWatertight);
    assert.ok(volume > LEAST_VOLUME && volume < MOST_VOLUME, `faces look outwards: ${volume}`);
  }

  /** The picture shows its colours at the right corners of the front; v runs from below. */
  async function assertFront(corners: Float32Array, uv: ArrayLike<number>, picture: Buffer) {
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
    for (const { position, colour } of FRONT_CORNERS) {
      const shown: number[][] = [];
      for (let corner = 0; corner < corners.length / 3; corner++) {
        const at = corners.subarray(corner * 3, corner * 3 + 3);
        if (at.some((value, axis) => Math.abs(value - position[axis]) > 1e-4)) continue;
        const first = corner - (corner % 3);
        const isFront = [0, 1, 2].every((k) => Math.abs(corners[(first + k) * 3 + 2] - 0.3) < 1e-4);
        if (!isFront) continue;
        const x = Math.min(info.width - 1, Math.floor(uv[corner * 2] * info.width));
        const y = Math.min(info.height - 1, Math.floor((1 - uv[corner * 2 + 1]) * info.height));
        const from = (y * info.width + x) * info.channels;
        shown.push([...data.subarray(from, from + 3)]);
      }
      assert.ok(shown.length > 0);
      for (const seen of shown) {
        assert.ok(
          seen.every((value, channel) => Math.abs(value - colour[channel]) < 24),
          `${position}: ${seen} in place of ${colour}`,
        );
      }
    }
  }

  it("STL: millimetres, Z up, the name in the header", async () => {
    const { corners, header } = readStl(await make("stl"));
    const upright = corners.slice();
    for (let at = 0; at < corners.length; at += 3) {
      upright.set([corners[at] / 1000, corners[at + 2] / 1000, -corners[at + 1] / 1000], at);
    }
    assertShape(upright);
    assert.match(header, /^Photo to 3D; unit=mm; Ваза "A" <&>/);
    assert.ok(!header.includes("\ufffd"), "no half a character at the end");
  });

  it("3MF: millimetres, Z up, colours, pictures and provenance", async () => {
    const { entries, metadata, objectName, corners, dyes } = await read3mf(await make("3mf"));
    const { low } = describeMesh(corners);
    assert.ok(
      low.every((value) => value > -1e-3 && value < 1e-3),
      `in the positive octant: ${low}`,
    );
    const upright = corners.slice();
    for (let at = 0; at < corners.length; at += 3) {
      upright.set([corners[at] / 1000 - 1.2, corners[at + 2] / 1000, 0.3 - corners[at + 1] / 1000], at);
    }
    assertShape(upright);
    const picture = dyes[0].picture!;
    const textured = dyes.filter((dye) => dye.picture === picture).length;
    assert.equal(textured, 12);
    const uv = dyes.slice(0, 12).flatMap((dye) => dye.uv!);
    await assertFront(upright.subarray(0, 12 * 9), uv, entryOf(entries, picture));
    assert.ok(
      dyes.some(({ colours }) => colours?.every((colour) => /^#FF[89]9?/.test(colour))),
      "dyed vertices",
    );
    assert.ok(
      dyes.some(({ colours }) => colours?.[0] === "#00BC00FF"),
      "0.5 linear is 188 in sRGB",
    );
    assert.equal(metadata.Title, SAMPLE_NAME);
    assert.equal(objectName, SAMPLE_NAME);
    assert.equal(metadata.Designer, "Photo to 3D");
    assert.match(metadata.LicenseTerms, /genapi/);
    assert.match(metadata.Description, new RegExp(`photoSha256: ${SAMPLE_PROVENANCE.photoSha256}`));
    assert.match(metadata.Description, /params: \{"seed":7\}/);
  });

  it("OBJ: metres, Y up, with its library and pictures", async () => {
    const entries = await readZip(await make("obj"));
    const text = entryOf(entries, "model.obj").toString();
    const loaded = new OBJLoader().parse(text);
    const all: number[] = [];
    const fronts: { corners: Float32Array; uv: ArrayLike<number> }[] = [];
    loaded.traverse((part) => {
      if (!(part instanceof Mesh)) return;
      const geometry = part.geometry as BufferGeometry;
      const corners = (geometry.getAttribute("position") as BufferAttribute).array as Float32Array;
      all.push(...corners);
      const uv = geometry.getAttribute("uv") as BufferAttribute | undefined;
      if (uv) fronts.push({ corners, uv: uv.array });
    });
    assertShape(Float32Array.from(all));
    const library = entryOf(entries, "model.mtl").toString();
    assert.match(library, /^map_Kd textures\/material_1\.png$/m);
    assert.match(library, /^Kd 0 0\.735357 0$/m);
    assert.equal(fronts.length, 1);
    await assertFront(fronts[0].corners, fronts[0].uv, entryOf(entries, "textures/material_1.png"));
    assert.ok(text.startsWith(`# ${SAMPLE_NAME}\n# Unit: metre. Up: +Y.`));
    assert.match(text, /^# photoSha256: abab/m);
    assert.match(text, /^v \S+ \S+ \S+ 1 0\.537099 0\.537099$/m, "dyed vertices");
  });

  it("USDZ: stored and aligned, metres, Y up, materials as Quick Look reads them", async () => {
    const { entries, text, stage, meshes, value } = await readUsdz(await make("usdz"));
    assert.equal(stage.upAxis, "Y");
    assert.equal(stage.metersPerUnit, 1);
    assert.equal(stage.defaultPrim, "Model");
    assertShape(Float32Array.from(meshes.flatMap(({ corners }) => [...corners])));
    assert.equal(meshes.length, 3);
    const [painted, dyed, plain] = meshes;
    const surface = `${painted.material}/Surface`;
    const base = String(value(`${surface}.inputs:diffuseColor`)).replace(/\.outputs.*/, "");
    const picture = entryOf(entries, String(value(`${base}.inputs:file`)));
    assert.equal((await sharp(picture).metadata()).format, "png", "a cut-out picture keeps its transparency");
    await assertFront(painted.corners, painted.uv!, picture);
    assert.match(String(value(`${surface}.inputs:roughness`)), /MetallicRoughness\.outputs:g$/);
    assert.match(String(value(`${surface}.inputs:metallic`)), /MetallicRoughness\.outputs:b$/);
    assert.match(String(value(`${surface}.inputs:normal`)), /Normal\.outputs:rgb$/);
    assert.match(String(value(`${surface}.inputs:opacity`)), /BaseColor\.outputs:a$/);
    assert.equal(value(`${surface}.inputs:opacityThreshold`), 0.25);
    assert.deepEqual(value(`${surface}.inputs:emissiveColor`), [0.001, 0.002, 0.003]);
    assert.deepEqual(value(`${painted.material}/Normal.inputs:bias`), [-1, -1, -1, 0]);
    assert.equal(value(`${painted.material}/Normal.inputs:sourceColorSpace`), "raw");
    assert.equal(value(`${base}.inputs:sourceColorSpace`), "sRGB");
    assert.ok(painted.doubleSided && !plain.doubleSided);
    assert.match(String(value(`${dyed.material}/Surface.inputs:diffuseColor`)), /displayColor/);
    assert.deepEqual(value(`${plain.material}/Surface.inputs:diffuseColor`), [0, 0.5, 0]);
    assert.ok(text.includes(String.raw`string name = "Ваза \"A\" <&>\\ 花 'x' 😀 */ # ]]>"`));
    assert.match(text, /string photoSha256 = "abab/);
  });

  it("make equal bytes of equal input", async () => {
    for (const kind of ["3mf", "usdz"] as const) assert.deepEqual(await make(kind), await make(kind));
  });
});
