import { crc32, deflateSync } from "node:zlib";

const HEADER_END = 33;

/**
 * Puts an ICC profile into a PNG without one, so that its colours can be converted: sharp has no way to attach a
 * profile to raw pixels. (PNG specification, iCCP chunk.)
 */
export function embedProfile(png: Buffer, profile: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from("iCCPprofile\0\0", "latin1"), deflateSync(profile)]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return Buffer.concat([png.subarray(0, HEADER_END), chunk, png.subarray(HEADER_END)]);
}
