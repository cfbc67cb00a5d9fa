import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import validator from "gltf-validator";
import sharp from "sharp";
import { AppError } from "../../server/errors.ts";
import { type GenerateParams, generate } from "../../server/providers/local/generate.ts";
import { createDrawnPhotos, type DrawnPhotos } from "../support/drawn-photos.ts";
import { readGeometry } from "../support/glb-geometry.ts";

const PHOTOS = fileURLToPath(new URL("../fixtures/photos/", import.meta.url));
const PARAMS: GenerateParams = {
  triangles: 20_000,
  textureSize: 512,
  depth: null,
  mode: "auto",
  box: null,
};

let photos: DrawnPhotos;
before(async () => {
  photos = await createDrawnPhotos();
});
after(() => photos[Symbol.asyncDispose]());

const make = (file: string, params: Partial<GenerateParams> = {}) =>
  generate(path.resolve(PHOTOS, file), { ...PARAMS, ...params }, () => undefined);

const isNoObject = (error: unknown) => error instanceof AppError && error.code === "no-object-found";

describe("a model of each photo", () => {
  const cases = [
    { file: "sofa.jpg", mode: "object", maskSource: "background", shape: "boxy" },
    { file: "mug.jpg", mode: "object", maskSource: "background", shape: "turned" },
    { file: "chair.jpg", mode: "object", maskSource: "background", shape: "chair" },
    { file: "coffee.jpg", mode: "object", maskSource: "centre" },
    { file: "horse-alpha.png", mode: "object", shape: "rounded" },
    { file: "avocado-alpha.png", mode: "object", maskSource: "alpha" },
    { file: "cat.jpg", mode: "relief", maskSource: "none", shape: "relief" },
    { file: "rocket.jpg", mode: "relief", maskSource: "none", shape: "relief" },
  ];
  for (const { file, ...expected } of cases) {
    it(`${file}: closed, upright, on the ground, within its limits`, async () => {
      const percents: number[] = [];
      const { glb, report } = await generate(path.join(PHOTOS, file), PARAMS, (p) => percents.push(p));
      for (const [key, value] of Object.entries(expected)) {
        assert.equal(report[key as keyof typeof report], value, key);
      }
      assert.equal(report.scaleAssumed, true);
      assert.ok(report.confidence >= 0 && report.confidence <= 1);
      assert.deepEqual(
        percents,
        percents.toSorted((a, b) => a - b),
      );
      assert.equal(percents.at(-1), 100);

      const validation = await validator.validateBytes(glb);
      assert.equal(validation.issues.numErrors, 0, JSON.stringify(validation.issues.messages));
      const geometry = await readGeometry(glb);
      assert.ok(geometry.isWatertight);
      assert.ok(geometry.volume > 0, "triangles face outwards");
      assert.ok(geometry.triangles >= 19_000 && geometry.triangles <= 20_000, String(geometry.triangles));
      assert.equal(geometry.triangles, report.triangles);
      assert.equal(geometry.low[1], 0);
      for (const axis of [0, 2]) {
        assert.ok(Math.abs(geometry.low[axis] + geometry.high[axis]) < 1e-5, `centred along ${axis}`);
      }
      const longest = Math.max(...geometry.high.map((value, axis) => value - geometry.low[axis]));
      assert.ok(Math.abs(longest - 0.5) < 1e-5, String(longest));
      assert.ok(Math.max(geometry.textureWidth, geometry.textureHeight) <= 512);
    });
  }

  it("is the same to the byte for the same photo and parameters", async () => {
    const [first, second] = [await make("bear.jpg"), await make("bear.jpg")];
    assert.deepEqual(first.glb, second.glb);
  });

  it("follows the parameters", async () => {
    const { glb } = await make("bear.jpg", { triangles: 26_000, textureSize: 1024, depth: 0.25 });
    const { triangles, low, high } = await readGeometry(glb);
    assert.ok(triangles > 25_000 && triangles <= 26_000, String(triangles));
    assert.ok(Math.abs((high[2] - low[2]) / (high[0] - low[0]) - 0.25) < 1e-4);
  });

  it("makes a relief of anything when asked to", async () => {
    const { report } = await make("bear.jpg", { mode: "relief" });
    assert.equal(report.mode, "relief");
  });
});

describe("nothing to model", () => {
  it("refuses a white, a transparent and a noisy picture", async () => {
    const clear = path.join(photos.folder, "clear.png");
    await sharp({
      create: { width: 90, height: 90, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0 } },
    })
      .png()
      .toFile(clear);
    let state = 7;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    };
    const noise = await photos.paint("noise.png", 200, 160, () => [random(), random(), random()]);
    for (const file of ["blank.png", clear, noise]) {
      for (const mode of ["auto", "relief"] as const)
        await assert.rejects(make(file, { mode }), isNoObject, file);
    }
  });

  it("names a damaged and a tiny picture", async () => {
    const tiny = await photos.paint("tiny.png", 1, 1, () => [200, 0, 0]);
    const codeOf = async (file: string) => await make(file).catch((error) => error.code);
    assert.equal(await codeOf(tiny), "photo-too-small");
    assert.equal(await codeOf(fileURLToPath(import.meta.url)), "photo-damaged");
  });
});

describe("colours", () => {
  const RED = [170, 40, 50];
  const distance = (colours: Uint8Array, v: number, to: number[]) =>
    Math.hypot(...to.map((value, c) => colours[v * 3 + c] - value));

  it("show no collar of the background and no black back", async () => {
    const file = await photos.draw(
      "red.png",
      480,
      400,
      `<rect width="480" height="400" fill="#f4f6f8"/>
       <path d="M90 330 C60 120 160 60 250 70 S420 150 400 330 L360 350 L355 250 L140 250 L130 350 Z" fill="rgb(${RED})"/>`,
    );
    const { glb } = await make(file);
    const { vertexColours, positions } = await readGeometry(glb);
    let worst = 0;
    for (let v = 0; v < positions.length / 3; v++) worst = Math.max(worst, distance(vertexColours, v, RED));
    assert.ok(worst < 40, `a vertex is ${worst.toFixed(0)} away from the object's colour`);
  });

  it("follow the box when two objects stand side by side", async () => {
    const file = await photos.draw(
      "two.png",
      600,
      300,
      `<rect width="600" height="300" fill="#e9e7e2"/>
       <ellipse cx="170" cy="150" rx="120" ry="100" fill="rgb(${RED})"/>
       <rect x="400" y="90" width="130" height="130" rx="20" fill="#2050b0"/>`,
    );
    const free = await readGeometry((await make(file)).glb);
    const boxed = await make(file, { box: { x: 0.62, y: 0.2, width: 0.3, height: 0.6 } });
    const chosen = await readGeometry(boxed.glb);
    const share = (colours: Uint8Array) => {
      let red = 0;
      for (let v = 0; v < colours.length / 3; v++) if (distance(colours, v, RED) < 60) red++;
      return (3 * red) / colours.length;
    };
    assert.equal(boxed.report.maskSource, "box");
    assert.ok(share(free.vertexColours) > 0.5);
    assert.equal(share(chosen.vertexColours), 0);
  });
});
