import type { ExportInput } from "./kinds.ts";
import { GENERATOR } from "./provenance.ts";

const HEADER_BYTES = 80;
const TRIANGLE_BYTES = 50;
const MILLIMETRES_PER_METRE = 1000;

/** A header must not begin with "solid": many readers take such a file for text. */
const headerOf = (name: string) => `${GENERATOR}; unit=mm; ${name}`;

/** As much of a text as fits into so many bytes of UTF-8, without half a character. */
function fitUtf8(text: string, maxBytes: number): Buffer {
  let fitted = "";
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    fitted += character;
  }
  return Buffer.from(fitted);
}

/**
 * Binary STL in millimetres with Z up, as slicers expect (a header of 80 bytes, a count, 50 bytes a triangle).
 * The format holds neither colours nor the unit.
 */
export function writeStl({ parts, name }: Pick<ExportInput, "parts" | "name">): Uint8Array {
  const count = parts.reduce((sum, { indices }) => sum + indices.length / 3, 0);
  const file = Buffer.alloc(HEADER_BYTES + 4 + count * TRIANGLE_BYTES);
  fitUtf8(headerOf(name), HEADER_BYTES).copy(file);
  file.writeUInt32LE(count, HEADER_BYTES);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const corners = new Float32Array(9);
  let at = HEADER_BYTES + 4;
  for (const { positions, indices } of parts) {
    for (let first = 0; first < indices.length; first += 3) {
      for (let corner = 0; corner < 3; corner++) {
        const from = indices[first + corner] * 3;
        corners[corner * 3] = positions[from] * MILLIMETRES_PER_METRE;
        corners[corner * 3 + 1] = -positions[from + 2] * MILLIMETRES_PER_METRE;
        corners[corner * 3 + 2] = positions[from + 1] * MILLIMETRES_PER_METRE;
      }
      for (const [axis, value] of faceNormal(corners).entries()) view.setFloat32(at + axis * 4, value, true);
      for (let k = 0; k < 9; k++) view.setFloat32(at + 12 + k * 4, corners[k], true);
      at += TRIANGLE_BYTES;
    }
  }
  return file;
}

/** Unit length; zero for a collapsed triangle. */
function faceNormal(c: Float32Array): [number, number, number] {
  const [ux, uy, uz] = [c[3] - c[0], c[4] - c[1], c[5] - c[2]];
  const [vx, vy, vz] = [c[6] - c[0], c[7] - c[1], c[8] - c[2]];
  const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}
