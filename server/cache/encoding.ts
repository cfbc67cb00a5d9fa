import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** The first sign of an encoded text says how it is kept. */
const PLAIN = "p";
const DEFLATED = "d";

/**
 * A text as it is kept: longer ones than so many bytes deflated, with the fastest level, where that makes them shorter.
 * Null leaves all as they are.
 */
export async function encodeText(text: string, compressionBytes: number | null): Promise<string> {
  if (compressionBytes === null || Buffer.byteLength(text) <= compressionBytes) return PLAIN + text;
  const deflated = (await deflate(text, { level: 1 })).toString("base64");
  return deflated.length < Buffer.byteLength(text) ? DEFLATED + deflated : PLAIN + text;
}

/** The text of what `encodeText` made. Throws for anything else. */
export async function decodeText(kept: string): Promise<string> {
  const rest = kept.slice(1);
  if (kept[0] === PLAIN) return rest;
  if (kept[0] !== DEFLATED) throw new Error("No text of this cache");
  return (await inflate(Buffer.from(rest, "base64"))).toString();
}
