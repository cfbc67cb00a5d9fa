import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Sends content as the body of an answer and closes it, whatever happens. That nobody waits for it any more is no
 * failure. Throws what goes wrong with the content.
 */
export async function sendContent(content: Readable, response: Writable): Promise<void> {
  // A pipeline to an answer that is over throws and leaves the content open.
  if (response.destroyed) return void content.destroy();
  await pipeline(content, response).catch((error) => {
    if (!response.destroyed || error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}
