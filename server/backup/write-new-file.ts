import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** Writes all of `content` to a file that isn't there yet; where that fails or is stopped, none is left. */
export async function writeNewFile(
  path: string,
  content: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const file = createWriteStream(path, { mode: 0o600, flags: "wx" });
  try {
    await pipeline(content, file, { signal });
  } catch (error) {
    // A stream that ends as it begins is still opening its file.
    if (!file.closed) await new Promise<void>((resolve) => file.once("close", () => resolve()));
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}
