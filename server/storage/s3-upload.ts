import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

interface Destination {
  Bucket: string;
  Key: string;
  /** Kept beside the content. */
  Metadata?: Record<string, string>;
}

/**
 * Stores the whole content, or nothing: what is longer than one part is sent in parts, one after the other, of which
 * none is left when the content or a request fails or `signal` fires. One part is in memory.
 */
export async function upload(
  client: S3Client,
  at: Destination,
  content: AsyncIterable<Uint8Array>,
  partBytes: number,
  signal?: AbortSignal,
): Promise<void> {
  const pieces = piecesOf(content, partBytes);
  const options = { abortSignal: signal };
  try {
    const { value: first = Buffer.alloc(0) } = await pieces.next();
    signal?.throwIfAborted();
    if (first.length === partBytes) return await uploadParts(client, at, pieces, first, signal);
    await client.send(new PutObjectCommand({ ...at, Body: first }), options);
  } finally {
    await pieces.return(undefined);
  }
}

async function uploadParts(
  client: S3Client,
  at: Destination,
  pieces: AsyncGenerator<Buffer>,
  first: Buffer,
  signal?: AbortSignal,
): Promise<void> {
  const options = { abortSignal: signal };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at), options);
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  const send = async (Body: Buffer) => {
    signal?.throwIfAborted();
    const PartNumber = Parts.length + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }), options);
    Parts.push({ PartNumber, ETag });
  };
  try {
    await send(first);
    for await (const piece of pieces) await send(piece);
    const complete = new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } });
    await client.send(complete, options);
  } catch (error) {
    // What can't be ended now is ended by the next sweep.
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
    throw error;
  }
}

/** Pieces of exactly this size but for the last, which is shorter, maybe empty only where it is the only one. */
async function* piecesOf(content: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Buffer> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  for await (let chunk of content) {
    while (length + chunk.length >= bytes) {
      const rest = bytes - length;
      yield Buffer.concat([...chunks, chunk.subarray(0, rest)]);
      chunk = chunk.subarray(rest);
      chunks = [];
      length = 0;
    }
    if (chunk.length > 0) chunks.push(chunk);
    length += chunk.length;
  }
  if (length > 0) yield Buffer.concat(chunks);
}
