export const IMAGE_FORMATS = ["jpeg", "png", "webp", "gif", "heif"] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** ISO 23008-12 and AVIF brands of still pictures. */
const HEIF_BRANDS = ["avif", "avis", "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"];

const ascii = (bytes: Buffer, start: number, end: number) => bytes.toString("latin1", start, end);

function hasHeifBrand(bytes: Buffer): boolean {
  if (ascii(bytes, 4, 8) !== "ftyp" || bytes.length < 16) return false;
  const boxEnd = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  const brands = [ascii(bytes, 8, 12)];
  for (let at = 16; at + 4 <= boxEnd; at += 4) brands.push(ascii(bytes, at, at + 4));
  return brands.some((brand) => HEIF_BRANDS.includes(brand));
}

const SIGNATURES: Record<ImageFormat, (bytes: Buffer) => boolean> = {
  jpeg: (bytes) => ascii(bytes, 0, 3) === "\xff\xd8\xff",
  png: (bytes) => ascii(bytes, 0, 8) === "\x89PNG\r\n\x1a\n",
  webp: (bytes) => ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP",
  gif: (bytes) => /^GIF8[79]a/.test(ascii(bytes, 0, 6)),
  heif: hasHeifBrand,
};

/** What the first bytes say the picture is; null where it is none of ours. Whether it can be decoded is open. */
export function sniffImageFormat(bytes: Buffer): ImageFormat | null {
  return IMAGE_FORMATS.find((format) => SIGNATURES[format](bytes)) ?? null;
}
