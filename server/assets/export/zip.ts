import { type Zippable, type ZippableFile, zipSync } from "fflate";

/** Of all entries, so that equal content gives an equal archive. */
const MODIFIED = new Date(1980, 0, 1);
/** Half the time of fflate's default 6, for a file that is a hundredth larger. */
const LEVEL = 4;
const LOCAL_HEADER_BYTES = 30;
const EXTRA_HEADER_BYTES = 4;
/** An id of extra fields that nobody has registered; what it holds is padding. */
const PADDING_ID = 0x1986;
const USDZ_ALIGNMENT_BYTES = 64;

/** Packs files by ASCII name; pictures are compressed already and are only stored. */
export function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const [name, content] of files) {
    entries[name] = [content, { level: /\.(?:png|jpg)$/.test(name) ? 0 : LEVEL, mtime: MODIFIED }];
  }
  return zipSync(entries);
}

/** Stores files so that the content of each begins at a multiple of 64 bytes, as the USDZ specification wants. */
export function zipAligned(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  let offset = 0;
  for (const [name, content] of files) {
    const unpadded = offset + LOCAL_HEADER_BYTES + name.length;
    const gap = (USDZ_ALIGNMENT_BYTES - (unpadded % USDZ_ALIGNMENT_BYTES)) % USDZ_ALIGNMENT_BYTES;
    const padding = gap > 0 && gap < EXTRA_HEADER_BYTES ? gap + USDZ_ALIGNMENT_BYTES : gap;
    const extra = padding > 0 ? { [PADDING_ID]: new Uint8Array(padding - EXTRA_HEADER_BYTES) } : undefined;
    const entry: ZippableFile = [content, { level: 0, mtime: MODIFIED, ...(extra && { extra }) }];
    entries[name] = entry;
    offset = unpadded + padding + content.length;
  }
  return zipSync(entries);
}
