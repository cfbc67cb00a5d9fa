import { EXPORT_URL } from "../../api/account.ts";
import { noAnswer, toApiError } from "../../api/api-error.ts";
import { commonHeaders } from "../../api/client.ts";
import { send } from "../../api/send.ts";

/** Chunks are handed to the browser's own store of blobs from this size on, so that memory stays small. */
const PART_BYTES = 8_000_000;
const USUAL_NAME = "photo-to-3d.zip";

interface DownloadOptions {
  signal: AbortSignal;
  /** Called with the bytes so far; how many there will be nobody knows. */
  onProgress: (bytes: number) => void;
}

const nameOf = (response: Response) =>
  /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? USUAL_NAME;

async function readAll(body: ReadableStream<Uint8Array<ArrayBuffer>>, onProgress: (bytes: number) => void) {
  const parts: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  let bytes = 0;
  const reader = body.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (value) {
      chunks.push(value);
      waiting += value.length;
      bytes += value.length;
      onProgress(bytes);
    }
    if (waiting > PART_BYTES || done) {
      parts.push(new Blob(chunks));
      chunks = [];
      waiting = 0;
    }
    if (done) return { blob: new Blob(parts, { type: "application/zip" }), bytes };
  }
}

function saveAs(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Fetches everything of the person as one zip file and saves it. Answers its bytes. @throws ApiError, the abort */
export async function downloadData({ signal, onProgress }: DownloadOptions): Promise<number> {
  try {
    const response = await send(EXPORT_URL, { headers: commonHeaders(), signal });
    if (!response.ok) {
      throw toApiError(response.status, await response.text(), (name) => response.headers.get(name));
    }
    const { blob, bytes } = await readAll(response.body!, onProgress);
    saveAs(blob, nameOf(response));
    return bytes;
  } catch (error) {
    // A connection that broke on the way is a TypeError.
    throw error instanceof TypeError ? noAnswer() : error;
  }
}
