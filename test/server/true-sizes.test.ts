import "../../server/assets/image-loaders.ts";
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { validateBytes } from "gltf-validator";
import { Box3, Vector3 } from "three";
import { OBJLoader } from "three/examples/jsm/loaders/OBJLoader.js";
import { AR_LIMITS, arAdvice } from "../../server/assets/ar-limits.ts";
import { EXPORTS } from "../../server/assets/export/kinds.ts";
import { loadPlaced } from "../../server/assets/export/load-placed.ts";
import { type DimensionsInput, METRES_PER_UNIT } from "../../server/contract/common.ts";
import type { ExportKind } from "../../server/contract/model.ts";
import { read3mf } from "../support/exports/read-3mf.ts";
import { describeMesh, readStl } from "../support/exports/read-stl.ts";
import { readUsdz } from "../support/exports/read-usdz.ts";
import { entryOf, readZip } from "../support/exports/read-zip.ts";
import { SAMPLE_NAME, SAMPLE_PROVENANCE, sampleGlb } from "../support/exports/sample.ts";
import { ball, boxGlb, GlbBuilder } from "../support/make-glb.ts";
import { withModelProcessor } from "../support/model-processor.ts";
import { animated, lacquered, noisyPicture, packedGlb, specular } from "../support/model-zoo.ts";
import { readWithThree } from "../support/three-glb.ts";

const bench = withModelProcessor();
/** What the product promises, as a share of each axis. */
const PROMISED = 0.005;
/** What it keeps. */
const KEPT = 1e-4;

const span = (corners: Float32Array) => {
  const { low, high } = describeMesh(corners);
  return high.map((value, axis) => value - low[axis]);
};
/** From the axes of printers, which have Z up, to length, height and width in metres. */
const fromPrint = ([x, y, z]: number[]) => [x / 1000, z / 1000, y / 1000];

/** Reads length, height and width in metres out of a file, each with a parser of its own. */
const MEASURES: Record<string, (file: Buffer) => Promise<number[]>> = {
  ar: async (file) => (await readWithThree(file)).extents,
  compatible: async (file) => (await readWithThree(file)).extents,
  stl: async (file) => fromPrint(span(readStl(file).corners)),
  "3mf": async (file) => fromPrint(span((await read3mf(file)).corners)),
  obj: async (file) => {
    const text = entryOf(await readZip(file), "model.obj").toString();
    return new Box3().setFromObject(new OBJLoader().parse(text)).getSize(new Vector3()).toArray();
  },
  usdz: async (file) => {
    const { meshes } = await readUsdz(file);
    return span(Float32Array.from(meshes.flatMap(({ corners }) => [...corners])));
  },
};

async function write(name: string, glb: Buffer): Promise<string> {
  const file = path.join(bench.root, name);
  await writeFile(file, glb);
  return file;
}

const make = async (
  kind: "ar" | "compatible" | (string & {}),
  file: string,
  dimensions: DimensionsInput | null = null,
) => {
  const format = EXPORTS[kind as ExportKind];
  assert.ok(format, kind);
  const input = { ...(await loadPlaced(file, dimensions)), name: SAMPLE_NAME, provenance: SAMPLE_PROVENANCE };
  return Buffer.from((await format.make(input))[kind as ExportKind]!);
};

describe("true size in every format", () => {
  /** The sample is four times as long as it is high and wide. */
  const requests: [DimensionsInput, [number, number, number]][] = [
    [{ height: 60, unit: "cm" }, [2400, 600, 600]],
    [{ width: 37.3, unit: "mm" }, [149.2, 37.3, 37.3]],
    [{ length: 2, height: 0.3, unit: "m" }, [2000, 300, Math.sqrt((2000 / 4) * 300)]],
    [{ length: 100, height: 7, width: 3.5, unit: "in" }, [2540, 177.8, 88.9]],
  ];
  for (const [request, millimetres] of requests) {
    it(`${JSON.stringify(request)}`, async () => {
      const source = await sampleGlb();
      const file = await write("sized.glb", source);
      const expected = millimetres.map((value) => value / 1000);
      const check = (what: string, extents: number[]) => {
        for (const [axis, extent] of expected.entries()) {
          const error = Math.abs(extents[axis] - extent) / extent;
          assert.ok(error <= PROMISED, `${what}: ${extents} is not ${expected}`);
          assert.ok(error <= KEPT, `${what}: ${error} of axis ${axis}`);
        }
      };
      const delivered = await bench.run(source, { dimensions: request });
      check("glb", (await readWithThree(delivered.content)).extents);
      const { length, height, width, unit } = delivered.dimensions;
      check(
        "dimensions",
        [length, height, width].map((value) => value * METRES_PER_UNIT[unit]),
      );
      for (const [kind, measure] of Object.entries(MEASURES)) {
        check(kind, await measure(await make(kind, file, request)));
      }
    });
  }

  it("covers every format with a shape of its own", () => {
    const shapeless = ["turntable"];
    const printed = Object.keys(EXPORTS).filter((kind) => kind.startsWith("print-"));
    assert.deepEqual(
      Object.keys(EXPORTS)
        .filter((kind) => ![...shapeless, ...printed].includes(kind))
        .sort(),
      Object.keys(MEASURES).sort(),
    );
  });
});

/** What the validator says of a file. */
interface Inspected {
  issues: { numErrors: number; messages: unknown[] };
  info: { extensionsUsed?: string[]; resources?: { mimeType: string }[] };
}

describe("GLBs for phones and for other tools", () => {
  const inspect = async (glb: Buffer) => {
    const { issues, info } = (await validateBytes(glb)) as unknown as Inspected;
    assert.equal(issues.numErrors, 0, JSON.stringify(issues.messages.slice(0, 3)));
    assert.ok(!glb.toString("latin1").includes("extensionsRequired"), "requires nothing");
    return info;
  };
  const pictures = ({ resources }: Awaited<ReturnType<typeof inspect>>) =>
    (resources ?? []).map(({ mimeType }) => mimeType).filter((mimeType) => mimeType.startsWith("image/"));

  it("have JPEG, and PNG where it is see-through; say their name and where they came from", async () => {
    const file = await write("sample.glb", await sampleGlb());
    for (const kind of ["ar", "compatible"]) {
      const glb = await make(kind, file);
      assert.ok(pictures(await inspect(glb)).every((type) => type === "image/jpeg" || type === "image/png"));
      const json = JSON.parse(glb.toString("utf8", 20, 20 + glb.readUInt32LE(12)));
      assert.equal(json.asset.extras.name, SAMPLE_NAME);
      assert.equal(json.asset.extras.photoSha256, SAMPLE_PROVENANCE.photoSha256);
      assert.match(json.asset.copyright, /genapi/);
    }
    const webp = json(await make("ar", file)).images.map(({ mimeType }: { mimeType: string }) => mimeType);
    assert.deepEqual(
      webp.sort(),
      ["image/jpeg", "image/png", "image/png"],
      "PNG for what is cut out, and where it is the smaller",
    );
  });

  it("undo whatever compression the original has", async () => {
    for (const how of ["meshopt", "draco"] as const) {
      const builder = new GlbBuilder();
      builder.add(ball(0.5, 24));
      const file = await write(`${how}.glb`, await packedGlb(builder, how));
      for (const kind of ["ar", "compatible"]) {
        const glb = await make(kind, file);
        assert.deepEqual((await inspect(glb)).extensionsUsed ?? [], []);
        const { extents } = await readWithThree(glb);
        for (const extent of extents) assert.ok(Math.abs(extent - 1) < 5e-3, `${how}: ${extents}`);
      }
    }
  });

  it("keep movements and materials, and turn the old kind into the new", async () => {
    for (const kind of ["ar", "compatible"]) {
      const moving = await make(kind, await write("moving.glb", await animated().build()));
      assert.equal((await readWithThree(moving)).animations, 1);
      const lacquer = await make(kind, await write("lacquer.glb", await lacquered().build()));
      assert.deepEqual((await inspect(lacquer)).extensionsUsed?.sort(), [
        "KHR_materials_clearcoat",
        "KHR_materials_unlit",
        "KHR_materials_volume",
      ]);
      const old = await make(kind, await write("specular.glb", await specular().build()));
      assert.ok(!(await inspect(old)).extensionsUsed?.includes("KHR_materials_pbrSpecularGlossiness"));
    }
  });

  it("for phones is within what they take, and advice says why it was made smaller", async () => {
    const builder = new GlbBuilder();
    const lens = builder.add(ball(1, 160), builder.textured(await noisyPicture(2100), "image/jpeg"));
    lens.setScale([1, 0.02, 1]);
    const file = await write("heavy.glb", await builder.build());
    const glb = await make("ar", file);
    assert.ok(glb.length <= AR_LIMITS.bytes, `${glb.length} bytes`);
    const { corners, extents } = await readWithThree(glb);
    assert.ok(corners.length / 9 <= AR_LIMITS.triangles && corners.length / 9 > 50_000);
    const usdz = await readUsdz(await make("usdz", file));
    assert.ok(usdz.meshes[0].corners.length / 9 <= AR_LIMITS.triangles);
    for (const sizes of [extents, span(usdz.meshes[0].corners)]) {
      for (const [axis, size] of [2, 0.04, 2].entries())
        assert.ok(Math.abs(sizes[axis] - size) < size * KEPT, `${sizes}`);
    }
    const [image] = json(glb).images;
    assert.equal(image.mimeType, "image/jpeg");
    const same = await make("compatible", file);
    assert.equal((await readWithThree(same)).corners.length / 9, (160 - 1) * 160 * 4);

    const { stats } = await bench.run(await boxGlb([1, 1, 1]));
    const advice = arAdvice({ ...stats, triangles: 101_760 }, [12_000_000]);
    assert.deepEqual(
      advice.map(({ code }) => code),
      ["triangles", "file-size"],
    );
    for (const { text } of advice)
      assert.ok(/\p{Script=Cyrillic}/u.test(text.ru) && /12|101,760/.test(text.en));
    const [, ...others] = arAdvice(
      {
        ...stats,
        triangles: 50_000,
        vertices: 40_000,
        materials: 12,
        textures: [{ width: 4096, height: 10, mediaType: "image/png" }],
        features: {
          animations: 2,
          animationSeconds: 11,
          joints: 300,
          morphTargets: true,
          vertexColours: true,
          uvSets: 2,
        },
      },
      [],
    ).map(({ code }) => code);
    assert.equal(others.length, 8);
    assert.deepEqual(arAdvice({ ...stats, triangles: 1000, vertices: 600 }, [9_000_000]), []);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the JSON of a GLB, as loose as it comes
const json = (glb: Buffer): any => JSON.parse(glb.toString("utf8", 20, 20 + glb.readUInt32LE(12)));
