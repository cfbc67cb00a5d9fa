import { GlbProblem } from "./glb-problem.ts";

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const MAX_JSON_BYTES = 32_000_000;

const invalid = (en: string, ru: string) => new GlbProblem({ en, ru });

/**
 * The JSON of a binary glTF 2.0 file, not yet validated (glTF 2.0 specification, section 4).
 * @throws GlbProblem where the frame is not whole
 */
export function readGlbJson(bytes: Buffer): Record<string, unknown> {
  if (bytes.length < HEADER_BYTES + CHUNK_HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) {
    throw new GlbProblem(
      { en: "The file is not binary glTF (.glb).", ru: "Файл не является двоичным glTF (.glb)." },
      { kind: "not-a-glb" },
    );
  }
  const version = bytes.readUInt32LE(4);
  if (version !== 2) {
    throw invalid(`glTF version ${version} is not supported; use 2.0.`, `Нужен glTF 2.0, а не ${version}.`);
  }
  const length = bytes.readUInt32LE(8);
  if (length !== bytes.length) {
    throw invalid(
      `The file says it has ${length} bytes but has ${bytes.length}; it is probably cut off.`,
      `В файле указано ${length} байт, а есть ${bytes.length}; вероятно, он обрезан.`,
    );
  }
  const jsonBytes = bytes.readUInt32LE(HEADER_BYTES);
  const start = HEADER_BYTES + CHUNK_HEADER_BYTES;
  if (
    bytes.readUInt32LE(HEADER_BYTES + 4) !== JSON_CHUNK ||
    jsonBytes > bytes.length - start ||
    jsonBytes > MAX_JSON_BYTES
  ) {
    throw invalid(
      "The JSON part of the file is missing or too large.",
      "JSON-часть файла отсутствует или велика.",
    );
  }
  try {
    const json: unknown = JSON.parse(bytes.toString("utf8", start, start + jsonBytes));
    if (typeof json === "object" && json !== null && !Array.isArray(json))
      return json as Record<string, unknown>;
  } catch {
    // Said below, in our own words.
  }
  throw invalid("The JSON part of the file cannot be read.", "JSON-часть файла не читается.");
}

/** Where the content of the binary part begins, counted from the beginning of a GLB that `readGlbJson` has read. */
export const binaryStart = (bytes: Buffer): number =>
  HEADER_BYTES + CHUNK_HEADER_BYTES + bytes.readUInt32LE(HEADER_BYTES) + CHUNK_HEADER_BYTES;

/** A GLB of its two parts. @param binary of a length that four divides */
export function writeGlbFrame(json: object, binary: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(json));
  const padded = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, " ")]);
  const header = Buffer.alloc(HEADER_BYTES + CHUNK_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(2, 4);
  header.writeUInt32LE(header.length + padded.length + CHUNK_HEADER_BYTES + binary.length, 8);
  header.writeUInt32LE(padded.length, HEADER_BYTES);
  header.writeUInt32LE(JSON_CHUNK, HEADER_BYTES + 4);
  const binaryHeader = Buffer.alloc(CHUNK_HEADER_BYTES);
  binaryHeader.writeUInt32LE(binary.length, 0);
  binaryHeader.writeUInt32LE(BINARY_CHUNK, 4);
  return Buffer.concat([header, padded, binaryHeader, binary]);
}
