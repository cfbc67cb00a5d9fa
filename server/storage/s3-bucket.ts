import { finished, PassThrough, Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { BucketPlace } from "../store-config.ts";
import { createS3Client } from "./s3-client.ts";
import { isNamed, statusOf } from "./s3-refusal.ts";
import { upload } from "./s3-upload.ts";
import type { ByteRange, LinkHeaders, StoredObject } from "./storage.ts";

interface BucketOptions extends BucketPlace {
  /** What is thrown for a request that did not succeed. */
  refuse: (error: unknown) => Error;
}

/** Of services that don't tell of uploads in parts, or not this key; also of an upload that has ended meanwhile. */
const TOLERATED = [400, 403, 404, 405, 501];

/** What the store and backups need of a bucket. Keys are without the prefix. */
export function createBucket({ bucket, prefix, s3, refuse }: BucketOptions) {
  const client = createS3Client(s3);
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + key });

  /** A page may name another, which is asked for when it is its turn. */
  async function* list(start: string, signal?: AbortSignal): AsyncGenerator<StoredObject> {
    let token: string | undefined;
    do {
      const request = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix + start,
        ContinuationToken: token,
      });
      const page: ListObjectsV2CommandOutput = await client
        .send(request, { abortSignal: signal })
        .catch(refuseUnless(signal));
      for (const { Key = "", Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
        yield { key: Key.slice(prefix.length), bytes: Size, modifiedAt: LastModified };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token);
  }

  const refuseUnless =
    (signal?: AbortSignal) =>
    (error: unknown): never => {
      signal?.throwIfAborted();
      throw refuse(error);
    };

  /** Null where there is no such key. */
  async function stat(key: string): Promise<StoredObject | null> {
    try {
      const { ContentLength = 0, LastModified = new Date(0) } = await client.send(
        new HeadObjectCommand(at(key)),
      );
      return { key, bytes: ContentLength, modifiedAt: LastModified };
    } catch (error) {
      if (statusOf(error) !== 404) throw refuse(error);
    }
    // An answer without content doesn't say whether it is the key that is missing, or the bucket.
    await client.send(new HeadBucketCommand({ Bucket: bucket })).catch((error) => {
      throw refuse(statusOf(error) === 404 ? Object.assign(error, { name: "NoSuchBucket" }) : error);
    });
    return null;
  }

  /** Null where there is no such key. What breaks off later is told by the stream, as `refuse` says it. */
  async function get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable | null> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    try {
      const { Body } = await client.send(new GetObjectCommand({ ...at(key), Range }), {
        abortSignal: signal,
      });
      return Body instanceof Readable ? told(Body, refuse) : Readable.from([]);
    } catch (error) {
      if (isNamed(error, "NoSuchKey")) return null;
      return refuseUnless(signal)(error);
    }
  }

  /** Stores the whole content, or nothing; what the content itself throws is thrown as it is. */
  async function put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    partBytes: number,
    signal?: AbortSignal,
  ): Promise<void> {
    signal?.throwIfAborted();
    let failure: { error: unknown } | null = null;
    async function* noted(): AsyncGenerator<Uint8Array> {
      try {
        yield* content;
      } catch (error) {
        failure = { error };
        throw error;
      }
    }
    await upload(client, at(key), noted(), partBytes, signal).catch((error) => {
      if (failure) throw error;
      return refuseUnless(signal)(error);
    });
  }

  /** Quiet where there is no such key. */
  async function remove(key: string): Promise<void> {
    await client.send(new DeleteObjectCommand(at(key))).catch(refuseUnless());
  }

  /**
   * Ends uploads in parts that were begun longer ago than this and never completed, as killed processes leave them;
   * returns how many. None where the service can't tell of them, or the key may not ask.
   */
  async function endUploads(maxAgeSeconds: number): Promise<number> {
    const oldest = Date.now() - maxAgeSeconds * 1000;
    let ended = 0;
    let after: Pick<ListMultipartUploadsCommandOutput, "NextKeyMarker" | "NextUploadIdMarker"> | null = {};
    while (after) {
      const page: ListMultipartUploadsCommandOutput | null = await client
        .send(
          new ListMultipartUploadsCommand({
            Bucket: bucket,
            Prefix: prefix,
            KeyMarker: after.NextKeyMarker,
            UploadIdMarker: after.NextUploadIdMarker,
          }),
        )
        .catch((error) => {
          if (TOLERATED.includes(statusOf(error) ?? 0)) return null;
          throw refuse(error);
        });
      for (const { Key, UploadId, Initiated } of page?.Uploads ?? []) {
        // Not every service keeps to the prefix.
        if (!Key?.startsWith(prefix) || !UploadId || !Initiated || Initiated.getTime() > oldest) continue;
        const request = new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
        const isEnded = await client.send(request).then(
          () => true,
          (error) => {
            if (TOLERATED.includes(statusOf(error) ?? 0)) return false;
            throw refuse(error);
          },
        );
        if (isEnded) ended++;
      }
      after = page?.IsTruncated ? page : null;
    }
    return ended;
  }

  /** An address that reads the key for so long, with these headers; whoever has it needs nothing else. */
  const link = (key: string, { mediaType, disposition }: LinkHeaders, seconds: number) =>
    getSignedUrl(
      client,
      new GetObjectCommand({
        ...at(key),
        ResponseContentType: mediaType,
        ResponseContentDisposition: disposition,
        ResponseCacheControl: "private, no-store",
      }),
      { expiresIn: seconds },
    );

  return { list, stat, get, put, remove, endUploads, link };
}

/** The same content; a way that breaks is told as `refuse` says it, and whoever leaves gives the connection free. */
function told(body: Readable, refuse: (error: unknown) => Error): Readable {
  const out = new PassThrough();
  finished(body, { writable: false }, (error) => {
    if (error) out.destroy(refuse(error));
  });
  out.once("close", () => body.destroy());
  return body.pipe(out);
}
