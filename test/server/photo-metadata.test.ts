import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";

/** Planted in every place of a picture that can hold words; nothing else contains it. */
const MARK = "Planted-7f3a-Lat55.7558-Lon37.6173";
const SIZE = { width: 128, height: 96 };

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="${MARK}"/></rdf:RDF></x:xmpmeta>`;
const EXIF = {
  IFD0: { Make: MARK, ImageDescription: MARK, Artist: MARK },
  IFD2: { UserComment: MARK, BodySerialNumber: MARK },
  IFD3: { GPSLatitudeRef: "N", GPSLatitude: "55/1 45/1 21/1", GPSAreaInformation: MARK },
};

const picture = (colour: string) =>
  sharp({ create: { ...SIZE, channels: 3, background: colour } })
    .withExif(EXIF)
    .withXmp(XMP);

const sized = (bytes: number, type: string, content: Buffer) => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(bytes);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
};

/** A comment and an IPTC caption after the first marker, and words behind the picture's end. */
function withSegments(jpeg: Buffer): Buffer {
  const segment = (marker: number, content: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, content]);
  };
  const caption = Buffer.concat([Buffer.from([0x1c, 2, 120, 0, MARK.length]), Buffer.from(MARK)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(caption.length);
  const resource = Buffer.concat([Buffer.from("8BIM\x04\x04\0\0", "latin1"), length, caption]);
  const iptc = Buffer.concat([Buffer.from("Photoshop 3.0\0"), resource]);
  return Buffer.concat([
    jpeg.subarray(0, 2),
    segment(0xfe, Buffer.from(MARK)),
    segment(0xed, iptc),
    jpeg.subarray(2),
    Buffer.from(MARK),
  ]);
}

/** Text before the end of the picture, and words behind it. */
function withText(png: Buffer): Buffer {
  const content = Buffer.from(`Comment\0${MARK}`);
  const chunk = sized(content.length, "tEXt", content);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(chunk.subarray(4)));
  return Buffer.concat([png.subarray(0, -12), chunk, sum, png.subarray(-12), Buffer.from(MARK)]);
}

/** Boxes with XMP (by its registered UUID) and with anything. */
function withBoxes(heic: Buffer): Buffer {
  const uuid = Buffer.from("BE7ACFCB97A942E89C71999491E3AFAC", "hex");
  const xmp = Buffer.concat([uuid, Buffer.from(XMP)]);
  const free = Buffer.from(`Exif\0\0${MARK}`);
  return Buffer.concat([heic, sized(8 + xmp.length, "uuid", xmp), sized(8 + free.length, "free", free)]);
}

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.dispose());

/** Every byte that the server stored, once the folders of work that has ended are gone: they go a moment after it. */
async function storedFiles(): Promise<Map<string, Buffer>> {
  while ((await readdir(path.join(app.uploads, "temp"))).length > 0) await sleep(20);
  const entries = await readdir(app.uploads, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file)] as const)));
}

it("keeps nothing of what a photo's file tells besides its pixels, in any format", async () => {
  const photos = {
    "jpeg.jpg": withSegments(await picture("#a03020").jpeg().toBuffer()),
    "png.png": withText(await picture("#20a030").png().toBuffer()),
    "webp.webp": await picture("#3020a0").webp().toBuffer(),
    "avif.avif": await picture("#a0a020").avif().toBuffer(),
    "phone.heic": withBoxes(await readPhoto("phone.heic")),
  };
  for (const [name, bytes] of Object.entries(photos)) {
    assert.ok(bytes.includes(MARK), `${name} carries it`);
    const posted = await postPhoto(app, photoForm(bytes, { name: "Thing" }, name));
    assert.equal(posted.status, 202, name);
    const { id } = (await posted.json()) as Generation;
    const kept = Buffer.from(await (await app.request(`/api/v1/generations/${id}/photo`)).arrayBuffer());
    const { exif, xmp, iptc, icc, comments } = await sharp(kept).metadata();
    assert.deepEqual([exif, xmp, iptc, icc, comments], Array(5).fill(undefined), name);
    // The one of a real thing goes all the way, so that what is made of it is looked at too.
    if (name === "phone.heic") await waitForGeneration(app, id);
    else await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
  }
  const files = await storedFiles();
  assert.ok(files.size >= Object.keys(photos).length + 3, [...files.keys()].join());
  for (const [file, bytes] of files) {
    assert.ok(!bytes.includes(MARK), file);
    assert.ok(!bytes.includes(Buffer.from(MARK, "utf16le")), file);
    assert.ok(!bytes.includes("GPSLatitude") && !bytes.includes("xmpmeta"), file);
  }
  const [rows] = await app.context.records.sequelize.query(
    `SELECT FROM photos p, generation_tasks g WHERE strpos(p::text || g::text, '${MARK}') > 0`,
  );
  assert.equal(rows.length, 0);
  assert.ok(!JSON.stringify(app.lines).includes(MARK), "nor in the log");
});
