import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import yauzl from "yauzl";

export interface ZipEntry {
  name: string;
  content: Buffer;
  isStored: boolean;
  /** Where the content begins in the archive. */
  offset: number;
}

const openZip = (archive: Buffer) =>
  new Promise<yauzl.ZipFile>((resolve, reject) => {
    const options = { lazyEntries: true, strictFileNames: true };
    yauzl.fromBuffer(archive, options, (error, zip) => (error ? reject(error) : resolve(zip)));
  });

const contentOf = (zip: yauzl.ZipFile, entry: yauzl.Entry) =>
  new Promise<Buffer>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(buffer(stream))));
  });

/** Reads every entry of an archive in its order, checksums included. */
export async function readZip(archive: Buffer): Promise<ZipEntry[]> {
  const zip = await openZip(archive);
  const found: yauzl.Entry[] = [];
  await new Promise((resolve, reject) => {
    zip.on("error", reject).on("end", resolve);
    zip.on("entry", (entry: yauzl.Entry) => {
      found.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
  const entries: ZipEntry[] = [];
  for (const entry of found) {
    const content = await contentOf(zip, entry);
    assert.equal(crc32(content), entry.crc32, `${entry.fileName}: checksum`);
    const header = entry.relativeOffsetOfLocalHeader;
    const offset = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    entries.push({ name: entry.fileName, content, isStored: entry.compressionMethod === 0, offset });
  }
  return entries;
}

/** The content of an entry that must be there. */
export function entryOf(entries: ZipEntry[], name: string): Buffer {
  const found = entries.find((entry) => entry.name === name);
  assert.ok(found, `${name} is in the archive`);
  return found.content;
}
