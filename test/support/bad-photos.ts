import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import type { ErrorCode } from "../../server/errors.ts";

export interface UnusualPhoto {
  bytes: Buffer;
  /** What a client would call it; often a lie. */
  fileName: string;
  /** What the product must answer; null where the picture is fine. */
  expectedCode: ErrorCode | null;
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const PNG_SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

function pngHeader(width: number, height: number, depth: number, colour: number, interlace: 0 | 1): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, colour, 0, 0, interlace], 8);
  return Buffer.concat([PNG_SIGNATURE, pngChunk("IHDR", data)]);
}

/** 41 bytes that claim 786464 × 32 pixels of 16-bit interlaced RGBA, about 200 MB per pass. */
function tinyBomb(): Buffer {
  const startOfData = Buffer.from("\0\0\0\x10IDAT", "latin1");
  return Buffer.concat([pngHeader(786_464, 32, 16, 6, 1), startOfData]);
}

/** A valid black 1-bit PNG, small as a file. */
function blackPng(side: number): Buffer {
  const rows = Buffer.alloc(side * (Math.ceil(side / 8) + 1));
  return Buffer.concat([
    pngHeader(side, side, 1, 0, 0),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Four quarters: red, green, blue, white from the top left, reading order. */
function quarters(width: number, height: number) {
  const pixels = Buffer.alloc(width * height * 3);
  const colours = [
    [220, 30, 30],
    [30, 200, 30],
    [30, 30, 220],
    [240, 240, 240],
  ];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const quarter = (x < width / 2 ? 0 : 1) + (y < height / 2 ? 0 : 2);
      pixels.set(colours[quarter], (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** A photo of noise, so that its encoded form is long enough to be cut. */
function noise(width = 256, height = 192) {
  const pixels = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let index = 0; index < pixels.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[index] = state >>> 24;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share));

function flipByte(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] ^= 0xff;
  return copy;
}

async function animatedGif(): Promise<Buffer> {
  const frames = Buffer.concat([
    await quarters(80, 80).ensureAlpha().raw().toBuffer(),
    await noise(80, 80).ensureAlpha().raw().toBuffer(),
  ]);
  return sharp(frames, { raw: { width: 80, height: 160, channels: 4, pageHeight: 80 } })
    .gif({ delay: [100, 100] })
    .toBuffer();
}

const ZIP_END = Buffer.from(`PK\x05\x06${"\0".repeat(18)}`, "latin1");
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>';

/** Not pictures at all, whatever they are called. */
function impostors(): Record<string, UnusualPhoto> {
  const notAnImage = (content: string, fileName: string): UnusualPhoto => ({
    bytes: Buffer.from(content, "latin1"),
    fileName,
    expectedCode: "not-an-image",
  });
  return {
    "text as jpg": notAnImage("this is not a photo\n".repeat(50), "photo.jpg"),
    empty: notAnImage("", "empty.jpg"),
    "one byte": notAnImage("\xff", "byte.jpg"),
    svg: notAnImage(SVG, "drawing.svg"),
    "svg as png": notAnImage(`<?xml version="1.0"?>${SVG}`, "drawing.png"),
    html: notAnImage("<!doctype html><script>alert(1)</script>", "page.jpg"),
    json: notAnImage('{"photo":"data:image/jpeg;base64,"}', "photo.png"),
    pdf: notAnImage("%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "scan.jpg"),
    zip: notAnImage(ZIP_END.toString("latin1"), "photos.jpg"),
    tiff: notAnImage(`II*\0\x08\0\0\0${"\0".repeat(64)}`, "photo.tif"),
    bmp: notAnImage(`BM${"\0".repeat(64)}`, "photo.bmp"),
    mp4: notAnImage("\0\0\0\x18ftypisom\0\0\x02\0isomiso2", "film.heic"),
    "windows program": notAnImage(`MZ${"\0".repeat(200)}`, "photo.exe.jpg"),
  };
}

/** Files that begin like a picture. */
async function damaged(): Promise<Record<string, UnusualPhoto>> {
  const jpeg = await noise().jpeg().toBuffer();
  const png = await noise().png().toBuffer();
  const make = (bytes: Buffer, fileName: string): UnusualPhoto => ({
    bytes,
    fileName,
    expectedCode: "photo-damaged",
  });
  return {
    "truncated jpeg": make(cut(jpeg, 0.5), "cut.jpg"),
    "nearly whole jpeg": make(cut(jpeg, 0.95), "cut.jpg"),
    "truncated progressive jpeg": make(
      cut(await noise().jpeg({ progressive: true }).toBuffer(), 0.5),
      "cut.jpg",
    ),
    "jpeg signature only": make(jpeg.subarray(0, 20), "head.jpg"),
    "truncated png": make(cut(png, 0.5), "cut.png"),
    "png with a wrong checksum": make(flipByte(png, Math.floor(png.length / 2)), "flip.png"),
    "png signature only": make(PNG_SIGNATURE, "head.png"),
    "truncated webp": make(cut(await noise().webp().toBuffer(), 0.5), "cut.webp"),
    "truncated gif": make(cut(await noise().gif().toBuffer(), 0.3), "cut.gif"),
    "script as gif": make(Buffer.from("GIF89a=1;alert(document.domain)//"), "script.gif"),
    "truncated avif": make(cut(await noise().avif({ effort: 0 }).toBuffer(), 0.5), "cut.avif"),
  };
}

async function wrongSize(): Promise<Record<string, UnusualPhoto>> {
  const make = (bytes: Buffer, expectedCode: ErrorCode): UnusualPhoto => ({
    bytes,
    fileName: "photo.png",
    expectedCode,
  });
  return {
    "png bomb of 41 bytes": make(tinyBomb(), "photo-too-many-pixels"),
    "png of 20000 by 20000": make(blackPng(20_000), "photo-too-many-pixels"),
    "png of 11000 by 11000": make(blackPng(11_000), "photo-too-many-pixels"),
    "one pixel": make(await noise(1, 1).png().toBuffer(), "photo-too-small"),
    "63 pixels high": make(await noise(200, 63).png().toBuffer(), "photo-too-small"),
  };
}

/** Odd, but good pictures. */
async function accepted(): Promise<Record<string, UnusualPhoto>> {
  const make = (bytes: Buffer, fileName: string): UnusualPhoto => ({ bytes, fileName, expectedCode: null });
  const jpeg = await quarters(120, 80).jpeg().toBuffer();
  const gps = {
    GPSLatitudeRef: "N",
    GPSLatitude: "59/1 56/1 0/1",
    GPSLongitudeRef: "E",
    GPSLongitude: "30/1 20/1 0/1",
  };
  const photos: Record<string, UnusualPhoto> = {
    "smallest side": make(await noise(64, 64).png().toBuffer(), "small.png"),
    "jpeg as png": make(jpeg, "wrong.png"),
    "jpeg with zip": make(Buffer.concat([jpeg, ZIP_END]), "photo.jpg"),
    "gif with script after it": make(
      Buffer.concat([await quarters(80, 80).gif().toBuffer(), Buffer.from("*/=1;alert(1)")]),
      "photo.gif",
    ),
    "animated gif": make(await animatedGif(), "moving.gif"),
    "cmyk jpeg": make(await quarters(120, 80).toColourspace("cmyk").jpeg().toBuffer(), "print.jpg"),
    "grey jpeg": make(await quarters(120, 80).greyscale().jpeg().toBuffer(), "grey.jpg"),
    "16-bit png": make(await quarters(120, 80).toColourspace("rgb16").png().toBuffer(), "deep.png"),
    "interlaced png": make(await quarters(120, 80).png({ progressive: true }).toBuffer(), "interlaced.png"),
    "opaque alpha": make(await quarters(120, 80).ensureAlpha().png().toBuffer(), "opaque.png"),
    "real alpha": make(await quarters(120, 80).ensureAlpha(0.5).png().toBuffer(), "glass.png"),
    "jpeg with place": make(
      await quarters(120, 80)
        .jpeg()
        .withExif({ IFD0: { Make: "Secret Camera" }, IFD3: gps })
        .toBuffer(),
      "holiday.jpg",
    ),
    "name with path": make(jpeg, "../../etc/passwd.jpg"),
  };
  for (let orientation = 1; orientation <= 8; orientation++) {
    const bytes = await quarters(120, 80).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();
    photos[`orientation ${orientation}`] = make(bytes, `phone-${orientation}.jpg`);
  }
  return photos;
}

/** Every unusual photo by name, made in code. Pictures of four quarters are red, green / blue, white. */
export async function makeUnusualPhotos(): Promise<Record<string, UnusualPhoto>> {
  return { ...impostors(), ...(await damaged()), ...(await wrongSize()), ...(await accepted()) };
}

/** A file of this many bytes that begins like a JPEG, for upload limits. */
export function makeBlob(bytes = 50_000_000): Buffer {
  const blob = Buffer.alloc(bytes, 0x5a);
  blob.set([0xff, 0xd8, 0xff, 0xe0]);
  return blob;
}
