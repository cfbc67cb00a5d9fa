import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import { createPhotoDecoder, type PhotoDecoder } from "../../server/assets/photo.ts";
import { embedProfile } from "../../server/assets/png-profile.ts";
import { makeBlob, makeUnusualPhotos, type UnusualPhoto } from "../support/bad-photos.ts";

let root: string;
let decoder: PhotoDecoder;
let unusual: Record<string, UnusualPhoto>;
let runs = 0;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "photo-test-"));
  decoder = createPhotoDecoder({ threads: 2 });
  unusual = await makeUnusualPhotos();
});
after(async () => {
  await decoder.dispose();
  await rm(root, { recursive: true, force: true });
});

async function decode(bytes: Buffer) {
  const folder = join(root, String(runs++));
  await mkdir(folder);
  const source = join(folder, "upload");
  await writeFile(source, bytes);
  const result = await decoder.decode(source, folder).catch(async (error) => {
    assert.deepEqual(await readdir(folder), ["upload"], "a refused photo leaves nothing");
    throw error;
  });
  return { ...result, content: await readFile(result.path) };
}

/** The colours at the middle of each quarter, in reading order. */
async function quarterColours(content: Buffer): Promise<string[]> {
  const { data, info } = await sharp(content).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [0.25, 0.75].flatMap((v) =>
    [0.25, 0.75].map((u) => {
      const at = (Math.floor(v * info.height) * info.width + Math.floor(u * info.width)) * info.channels;
      const [red, green, blue] = data.subarray(at, at + 3);
      const bright = [red > 128, green > 128, blue > 128].map(Number).join("");
      return { "100": "red", "010": "green", "001": "blue", "111": "white" }[bright] ?? bright;
    }),
  );
}

describe("photo decoder", () => {
  it("answers every unusual file as it should, and lives on", async () => {
    for (const [name, { bytes, expectedCode }] of Object.entries(unusual)) {
      const code = await decode(bytes).then(
        () => null,
        (error) => error.code ?? String(error),
      );
      assert.equal(code, expectedCode, name);
    }
    const { width } = await decode(unusual["jpeg as png"].bytes);
    assert.equal(width, 120);
  });

  it("refuses a large blob that only begins like a photo", async () => {
    await assert.rejects(decode(makeBlob()), { code: "photo-damaged" });
  });

  for (let orientation = 1; orientation <= 8; orientation++) {
    it(`turns orientation ${orientation} upright and drops the tag`, async () => {
      const photo = await decode(unusual[`orientation ${orientation}`].bytes);
      const isTurned = orientation >= 5;
      assert.deepEqual([photo.width, photo.height], isTurned ? [80, 120] : [120, 80]);
      const expected = [
        ["red", "green", "blue", "white"],
        ["green", "red", "white", "blue"],
        ["white", "blue", "green", "red"],
        ["blue", "white", "red", "green"],
        ["red", "blue", "green", "white"],
        ["blue", "red", "white", "green"],
        ["white", "green", "blue", "red"],
        ["green", "white", "red", "blue"],
      ][orientation - 1];
      assert.deepEqual(await quarterColours(photo.content), expected);
      assert.equal((await sharp(photo.content).metadata()).orientation, undefined);
    });
  }

  it("drops every kind of metadata", async () => {
    const { bytes } = unusual["jpeg with place"];
    assert.ok((await sharp(bytes).metadata()).exif, "the source has some");
    const { content } = await decode(bytes);
    const header = await sharp(content).metadata();
    assert.deepEqual(
      [header.exif, header.xmp, header.iptc, header.icc],
      [undefined, undefined, undefined, undefined],
    );
    assert.equal(content.includes("Secret Camera"), false);
  });

  it("drops what is appended to a picture", async () => {
    const { content } = await decode(unusual["jpeg with zip"].bytes);
    assert.equal(content.includes("PK\x05\x06"), false);
  });

  it("keeps transparency only where there is some", async () => {
    const clear = await decode(unusual["real alpha"].bytes);
    assert.deepEqual([clear.mediaType, clear.extension], ["image/png", "png"]);
    assert.equal((await sharp(clear.content).stats()).isOpaque, false);
    const opaque = await decode(unusual["opaque alpha"].bytes);
    assert.deepEqual([opaque.mediaType, opaque.extension], ["image/jpeg", "jpg"]);
  });

  it("makes 8-bit sRGB of CMYK, grey and 16-bit pictures", async () => {
    for (const name of ["cmyk jpeg", "grey jpeg", "16-bit png", "interlaced png"]) {
      const { content } = await decode(unusual[name].bytes);
      const header = await sharp(content).metadata();
      assert.deepEqual([header.space, header.depth, header.channels], ["srgb", "uchar", 3], name);
    }
    for (const name of ["cmyk jpeg", "16-bit png"]) {
      const { content } = await decode(unusual[name].bytes);
      assert.deepEqual(await quarterColours(content), ["red", "green", "blue", "white"], name);
    }
  });

  it("takes the first frame of an animation", async () => {
    const photo = await decode(unusual["animated gif"].bytes);
    assert.deepEqual([photo.width, photo.height], [80, 80]);
    assert.deepEqual(await quarterColours(photo.content), ["red", "green", "blue", "white"]);
  });

  it("gives the same bytes each time, and says what it wrote", async () => {
    const first = await decode(unusual["real alpha"].bytes);
    const second = await decode(unusual["real alpha"].bytes);
    assert.equal(first.sha256, second.sha256);
    assert.equal(first.sha256, createHash("sha256").update(first.content).digest("hex"));
    assert.equal(first.bytes, first.content.length);
    const header = await sharp(first.content).metadata();
    assert.deepEqual([first.width, first.height], [header.width, header.height]);
  });

  it("reads the formats of phones and browsers", async () => {
    const folder = new URL("../fixtures/photos/", import.meta.url);
    for (const [name, width, height] of [
      ["phone.heic", 600, 400],
      ["flower.avif", 640, 427],
      ["firetruck-alpha.webp", 800, 331],
      ["toy.gif", 258, 370],
      ["oriented.jpg", 300, 427],
    ] as const) {
      const photo = await decode(await readFile(new URL(name, folder)));
      assert.deepEqual([photo.width, photo.height], [width, height], name);
    }
  });

  it("converts the wide colours of phones to sRGB", async () => {
    const colour = { r: 200, g: 90, b: 40 };
    const plain = sharp({ create: { width: 80, height: 80, channels: 3, background: colour } });
    const wide = await plain.clone().withIccProfile("p3").png().toBuffer();
    const { icc } = await sharp(wide).metadata();
    const { data } = await sharp(wide).keepIccProfile().raw().toBuffer({ resolveWithObject: true });
    const bare = await sharp(data, { raw: { width: 80, height: 80, channels: 3 } })
      .png()
      .toBuffer();
    const photo = await decode(embedProfile(bare, icc!));
    const [red, green, blue] = await sharp(photo.content).raw().toBuffer();
    for (const [actual, expected] of [
      [red, colour.r],
      [green, colour.g],
      [blue, colour.b],
    ]) {
      assert.ok(Math.abs(actual - expected) <= 3, `${[red, green, blue]} is the colour that was meant`);
    }
    const unconverted = [...data.subarray(0, 3)];
    assert.ok(Math.abs(unconverted[0] - colour.r) > 5, `${unconverted} is not it already`);
  });

  it("refuses a truncated HEIC", async () => {
    const whole = await readFile(new URL("../fixtures/photos/phone.heic", import.meta.url));
    await assert.rejects(decode(whole.subarray(0, whole.length / 2)), { code: "photo-damaged" });
  });

  it("does not blame the photo when the file is not there", async () => {
    await assert.rejects(decoder.decode(join(root, "none"), root), /ENOENT/);
  });
});
