/**
 * The size in bytes to expect of a response: its Content-Length where no encoding makes it a lie,
 * else what the caller knows, else null.
 */
export function expectedBytes(headers: Headers, known: number | undefined): number | null {
  const length = Number(headers.get("content-length"));
  if (!headers.get("content-encoding") && Number.isFinite(length) && length > 0) return length;
  return known && known > 0 ? known : null;
}

/** Reads the whole body and tells `onProgress` after each piece. `fraction` is 0 to 1, or null when unknowable. */
export async function readWithProgress(
  response: Response,
  total: number | null,
  onProgress: (progress: { bytes: number; fraction: number | null }) => void,
): Promise<ArrayBuffer> {
  if (!response.body) return response.arrayBuffer();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const piece of readPieces(response.body)) {
    pieces.push(piece);
    bytes += piece.byteLength;
    onProgress({ bytes, fraction: total ? Math.min(bytes / total, 1) : null });
  }
  return new Blob(pieces).arrayBuffer();
}

/** ReadableStream is not async iterable in Safari, hence the reader. */
async function* readPieces(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
