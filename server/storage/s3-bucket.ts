import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
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
import { readBody } from "./s3-body.ts";
import { createS3Clients } from "./s3-client.ts";
import { isNamed, statusOf } from "./s3-refusal.ts";
import { upload } from "./s3-upload.ts";
import type { ByteRange, LinkHeaders, StoredObject } from "./storage.ts";

interface BucketOptions extends BucketPlace {
  /** What is thrown for a request that did not succeed. */
  refuse: (error: unknown) => Error;
}

/** What a bucket tells of a key. */
interface BucketObject extends StoredObject {
  etag: string;
  /** As `put` was told; null where nobody told it. */
  sha256: string | null;
}

/** Of services that don't tell of uploads in parts, or not this key; also of an upload that has ended meanwhile. */
const TOLERATED = [400, 403, 404, 405, 501];

/**
 * For what is asked under a lock, at most twice in a row: the database takes it back from a transaction that says
 * nothing for half a minute, and what is repeated after that would meet what others have done since.
 */
const BOUND_MS = 12_000;

/** @throws a `TimeoutError` where it takes longer */
async function bounded<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(BOUND_MS);
  return ask(signal).catch((error) => {
    throw signal.aborted ? signal.reason : error;
  });
}

/** What the store and backups need of a bucket. Keys are without the prefix. */
export function createBucket({ bucket, prefix, s3, refuse }: BucketOptions) {
  const { reading, writing } = createS3Clients(s3);
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
      const page: ListObjectsV2CommandOutput = await reading
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
  async function head(key: string): Promise<BucketObject | null> {
    try {
      const {
        ContentLength: bytes = 0,
        LastModified: modifiedAt = new Date(0),
        ETag: etag = "",
        Metadata,
      } = await bounded((abortSignal) => reading.send(new HeadObjectCommand(at(key)), { abortSignal }));
      return { key, bytes, modifiedAt, etag, sha256: Metadata?.sha256 ?? null };
    } catch (error) {
      if (statusOf(error) !== 404) throw refuse(error);
    }
    // An answer without content doesn't say whether it is the key that is missing, or the bucket.
    await reading.send(new HeadBucketCommand({ Bucket: bucket })).catch((error) => {
      throw refuse(statusOf(error) === 404 ? Object.assign(error, { name: "NoSuchBucket" }) : error);
    });
    return null;
  }

  /** Null where there is no such key. */
  async function stat(key: string): Promise<StoredObject | null> {
    const found = await head(key);
    return found && { key, bytes: found.bytes, modifiedAt: found.modifiedAt };
  }

  /** Null where there is no such key. What breaks off later is told by the stream, as `refuse` says it. */
  async function get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable | null> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    try {
      const { Body } = await reading.send(new GetObjectCommand({ ...at(key), Range }), {
        abortSignal: signal,
      });
      return Body instanceof Readable ? readBody(Body, refuse) : Readable.from([]);
    } catch (error) {
      if (isNamed(error, "NoSuchKey")) return null;
      return refuseUnless(signal)(error);
    }
  }

  /**
   * Stores the whole content, or nothing; what the content itself throws is thrown as it is. Its SHA-256 is kept beside
   * it where it is told.
   */
  async function put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    partBytes: number,
    { signal, sha256 }: { signal?: AbortSignal; sha256?: string } = {},
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
    const place = { ...at(key), ...(sha256 && { Metadata: { sha256 } }) };
    await upload(writing, place, noted(), partBytes, signal).catch((error) => {
      if (failure) throw error;
      return refuseUnless(signal)(error);
    });
  }

  /**
   * Gives a content another key, within the bucket and with what is kept beside it; what was under that key is replaced.
   * `absent`: there is no such content; `changed`: it is no longer the one with this tag, so nothing was done.
   */
  async function copy(
    from: string,
    to: string,
    { etag, signal }: { etag?: string; signal?: AbortSignal } = {},
  ): Promise<"copied" | "absent" | "changed"> {
    const CopySource = `${bucket}/${prefix}${from}`;
    try {
      await writing.send(new CopyObjectCommand({ ...at(to), CopySource, CopySourceIfMatch: etag }), {
        abortSignal: signal,
      });
      return "copied";
    } catch (error) {
      if (isNamed(error, "NoSuchKey")) return "absent";
      if (statusOf(error) === 412) return "changed";
      return refuseUnless(signal)(error);
    }
  }

  /** Quiet where there is no such key. Whatever it answers, nothing is removed after `BOUND_MS`. */
  async function remove(key: string): Promise<void> {
    await bounded((abortSignal) => reading.send(new DeleteObjectCommand(at(key)), { abortSignal })).catch(
      refuseUnless(),
    );
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
      const page: ListMultipartUploadsCommandOutput | null = await reading
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
        const isEnded = await reading.send(request).then(
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
      reading,
      new GetObjectCommand({
        ...at(key),
        ResponseContentType: mediaType,
        ResponseContentDisposition: disposition,
        ResponseCacheControl: "private, no-store",
      }),
      { expiresIn: seconds },
    );

  return { list, head, stat, get, put, copy, remove, endUploads, link };
}
